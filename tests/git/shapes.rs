//! Repositories that are not plain: line ends, filters, links, forms of the index.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::fs::symlink;

use larder::internals::io::preflight::Finish;
use larder::internals::io::workspace::Workspace;
use larder::internals::repo::RepoPath;

use super::sandbox::{Planned, Sandbox};

trials![
    autocrlf_true,
    autocrlf_input,
    crlf_by_attribute,
    safecrlf_refuses,
    a_clean_filter_runs,
    a_required_filter_that_fails,
    a_link_to_a_file_inside_is_followed,
    a_file_becomes_a_folder,
    a_folder_becomes_a_file,
    sha256,
    reftable,
    split_index,
    index_version_four_with_an_untracked_cache,
    flags_of_other_files_are_kept,
    sparse_checkout,
    sparse_checkout_of_patterns,
    files_that_are_not_checked_out_are_read_from_git,
    sparse_index,
    file_mode_is_not_trusted,
    a_group_writable_index_stays_so,
];

fn autocrlf(value: &str) {
    let sandbox = Sandbox::new();
    sandbox.git(&["config", "core.autocrlf", value]);
    sandbox.write("crlf.nix", "{ }\r\n");
    sandbox.git(&["add", "crlf.nix"]);
    sandbox.git(&["commit", "-q", "-m", "crlf"]);
    let plan = Planned::new("edit")
        .append(&sandbox, "crlf.nix", "# more\r\n")
        .0;
    sandbox.commit(&plan);
    assert_eq!(sandbox.read("crlf.nix"), "{ }\r\n# more\r\n");
    assert_eq!(sandbox.git(&["show", "HEAD:crlf.nix"]), "{ }\n# more\n");
    assert_eq!(sandbox.view(), ["", "", ""]);
}

fn autocrlf_true() {
    autocrlf("true");
}

fn autocrlf_input() {
    autocrlf("input");
}

fn crlf_by_attribute() {
    let sandbox = Sandbox::new();
    sandbox.write(".gitattributes", "*.nix text eol=crlf\n");
    sandbox.commit_all("attributes");
    let plan = Planned::new("new").create("a.nix", "{ }\r\n").0;
    sandbox.commit(&plan);
    assert_eq!(sandbox.git(&["show", "HEAD:a.nix"]), "{ }\n");
    assert!(
        sandbox
            .git(&["ls-files", "--eol", "a.nix"])
            .starts_with("i/lf    w/crlf")
    );
    assert_eq!(sandbox.view(), ["", "", ""]);
}

fn safecrlf_refuses() {
    let sandbox = Sandbox::new();
    sandbox.git(&["config", "core.autocrlf", "true"]);
    sandbox.git(&["config", "core.safecrlf", "true"]);
    let plan = Planned::new("new").create("a.nix", "{ }\n").0;
    let words = sandbox.refused(&plan, Finish::Commit);
    assert_eq!(
        words,
        "[filter] git's filters refuse `a.nix`: LF would be replaced by CRLF in \"a.nix\""
    );
}

fn a_clean_filter_runs() {
    let sandbox = Sandbox::new();
    sandbox.git(&["config", "filter.upper.clean", "tr a-z A-Z"]);
    sandbox.git(&["config", "filter.upper.smudge", "tr A-Z a-z"]);
    sandbox.write(".gitattributes", "secret.nix filter=upper\n");
    sandbox.commit_all("attributes");
    let plan = Planned::new("new").create("secret.nix", "{ x = 1; }\n").0;
    sandbox.commit(&plan);
    assert_eq!(sandbox.read("secret.nix"), "{ x = 1; }\n");
    assert_eq!(sandbox.git(&["show", "HEAD:secret.nix"]), "{ X = 1; }\n");
    assert_eq!(sandbox.view(), ["", "", ""]);
    let edit = Planned::new("edit")
        .append(&sandbox, "secret.nix", "# y\n")
        .0;
    sandbox.commit(&edit);
    assert_eq!(
        sandbox.git(&["show", "HEAD:secret.nix"]),
        "{ X = 1; }\n# Y\n"
    );
}

fn a_required_filter_that_fails() {
    let sandbox = Sandbox::new();
    sandbox.git(&["config", "filter.broken.clean", "false"]);
    sandbox.git(&["config", "filter.broken.required", "true"]);
    sandbox.write(".gitattributes", "secret.nix filter=broken\n");
    sandbox.commit_all("attributes");
    let plan = Planned::new("new").create("secret.nix", "{ }\n").0;
    let words = sandbox.refused(&plan, Finish::Commit);
    let message = "[filter] git's filters refuse `secret.nix`: ";
    assert!(words.starts_with(message), "{words}");
    assert!(words.contains("failed, exit_code=1"), "{words}");
}

fn a_link_to_a_file_inside_is_followed() {
    let sandbox = Sandbox::new();
    sandbox.write("nix/real.nix", "{ }\n");
    symlink("nix/real.nix", sandbox.path("link.nix")).unwrap();
    sandbox.commit_all("a link");
    let plan = Planned::new("edit")
        .append(&sandbox, "link.nix", "# more\n")
        .0;
    sandbox.commit(&plan);
    assert!(sandbox.path("link.nix").is_symlink());
    assert_eq!(sandbox.read("nix/real.nix"), "{ }\n# more\n");
    assert_eq!(sandbox.last_commit(), "M\tnix/real.nix\n");
    assert_eq!(sandbox.view(), ["", "", ""]);
}

fn a_file_becomes_a_folder() {
    let sandbox = Sandbox::new();
    sandbox.write("hosts", "{ }\n");
    sandbox.commit_all("a file");
    let plan = Planned::new("split")
        .delete(&sandbox, "hosts")
        .create("hosts/pai.nix", "{ }\n")
        .0;
    sandbox.commit(&plan);
    assert_eq!(sandbox.last_commit(), "D\thosts\nA\thosts/pai.nix\n");
    assert_eq!(sandbox.view(), ["", "", ""]);
    sandbox.assert_sound();
}

fn a_folder_becomes_a_file() {
    let sandbox = Sandbox::new();
    sandbox.write("hosts/pai.nix", "{ }\n");
    sandbox.commit_all("a folder");
    let plan = Planned::new("join")
        .create("hosts", "{ }\n")
        .delete(&sandbox, "hosts/pai.nix")
        .0;
    let words = sandbox.refused(&plan, Finish::Commit);
    assert_eq!(
        words,
        "[already-exists] `hosts` is a folder\nhelp: move it away: `mv hosts hosts.old`"
    );
}

fn sha256() {
    let sandbox = Sandbox::unborn(&["--object-format=sha256"]);
    sandbox.first_commit();
    sandbox.commit(&sandbox.plan());
    assert_eq!(sandbox.view(), ["", "", ""]);
    sandbox.assert_sound();
}

fn reftable() {
    let sandbox = Sandbox::unborn(&["--ref-format=reftable"]);
    sandbox.first_commit();
    let applied = sandbox.commit(&sandbox.plan());
    assert_eq!(applied.branch.as_deref(), Some("main"));
    assert_eq!(
        sandbox.last_commit(),
        "A\tlarder/pai.nix\nD\told.nix\nM\tpai.nix\n"
    );
    assert_eq!(sandbox.view(), ["", "", ""]);
    sandbox.assert_sound();
}

fn split_index() {
    let sandbox = Sandbox::new();
    sandbox.git(&["update-index", "--split-index"]);
    sandbox.write("note", "staged\n");
    sandbox.git(&["add", "note"]);
    let before = sandbox.view();
    sandbox.commit(&sandbox.plan());
    assert_eq!(sandbox.view(), before);
    sandbox.assert_sound();
}

fn index_version_four_with_an_untracked_cache() {
    let sandbox = Sandbox::new();
    sandbox.git(&["update-index", "--index-version", "4"]);
    sandbox.git(&["update-index", "--untracked-cache"]);
    sandbox.write("note", "untracked\n");
    let before = sandbox.view();
    sandbox.commit(&sandbox.plan());
    assert_eq!(sandbox.view(), before);
    sandbox.assert_sound();
}

fn flags_of_other_files_are_kept() {
    let sandbox = Sandbox::new();
    for name in ["assumed", "skipped"] {
        sandbox.write(name, "one\n");
    }
    sandbox.commit_all("files");
    sandbox.write("intended", "one\n");
    sandbox.git(&["add", "-N", "intended"]);
    sandbox.git(&["update-index", "--assume-unchanged", "assumed"]);
    sandbox.git(&["update-index", "--skip-worktree", "skipped"]);
    let flags =
        |sandbox: &Sandbox| sandbox.git(&["ls-files", "-v", "assumed", "skipped", "intended"]);
    let before = (flags(&sandbox), sandbox.view());
    sandbox.commit(&sandbox.plan());
    assert_eq!((flags(&sandbox), sandbox.view()), before);
    sandbox.assert_sound();
}

fn sparse(sandbox: &Sandbox) {
    sandbox.write("hosts/pai/a.nix", "{ }\n");
    sandbox.write("other/b.nix", "{ }\n");
    sandbox.commit_all("folders");
}

fn sparse_checkout() {
    let sandbox = Sandbox::new();
    sparse(&sandbox);
    sandbox.git(&["sparse-checkout", "set", "--no-sparse-index", "hosts"]);
    assert!(!sandbox.path("other/b.nix").exists());
    // What git itself would not add.
    assert_eq!(
        sandbox.refused(&sandbox.plan(), Finish::Commit),
        "[skip-worktree] `larder/pai.nix` is left out by sparse checkout\n\
         help: git sparse-checkout add larder"
    );
    sandbox.git(&["sparse-checkout", "add", "larder"]);
    sandbox.commit(&sandbox.plan());
    assert_eq!(
        sandbox.last_commit(),
        "A\tlarder/pai.nix\nD\told.nix\nM\tpai.nix\n"
    );
    assert_eq!(sandbox.view(), ["", "", ""]);
    let plan = Planned::new("over it").create("other/b.nix", "{ }\n").0;
    let words = sandbox.refused(&plan, Finish::Commit);
    assert_eq!(
        words,
        "[skip-worktree] `other/b.nix` is left out by sparse checkout\n\
         help: git sparse-checkout add other"
    );
    sandbox.assert_sound();
}

fn sparse_checkout_of_patterns() {
    let sandbox = Sandbox::new();
    sparse(&sandbox);
    sandbox.write("other/deep/c.nix", "{ }\n");
    sandbox.commit_all("deep");
    sandbox.git(&[
        "sparse-checkout",
        "set",
        "--no-cone",
        "/*.nix",
        "!/old.nix",
        "deep",
    ]);
    let plan = Planned::new("over")
        .create("other/b.nix", "{ }\n")
        .create("it's new/a.nix", "{ }\n")
        .create("old.nix", "{ }\n")
        .create("a.txt", "\n")
        .create("other/deep/d.nix", "{ }\n")
        .0;
    assert_eq!(
        sandbox.refused(&plan, Finish::Commit),
        "[skip-worktree] `other/b.nix` and 3 more are left out by sparse checkout\n\
         help: git sparse-checkout add /old.nix /a.txt '/it'\\''s new/' /other/"
    );
    let add = ["sparse-checkout", "add", "/a.txt", "/it's new/"];
    sandbox.git(&add);
    let plan = Planned::new("in it")
        .create("it's new/a.nix", "{ }\n")
        .create("a.txt", "\n")
        .create("other/deep/d.nix", "{ }\n")
        .0;
    sandbox.commit(&plan);
    assert_eq!(sandbox.view(), ["", "", ""]);
    sandbox.assert_sound();
}

/// The files of the sandbox as larder reads them.
fn read(sandbox: &Sandbox, path: &str) -> Option<String> {
    let repo = sandbox.workspace().repo_and_staged().unwrap();
    assert_eq!(repo.staged().count(), 0);
    let path = RepoPath::new(path).unwrap();
    let is_tracked = repo.tracked().any(|tracked| *tracked == path);
    let text = repo.text(&path).unwrap();
    assert_eq!(is_tracked, text.is_some());
    assert_eq!(repo.path_exists(&path), is_tracked);
    text.map(|text| text.to_string())
}

fn files_that_are_not_checked_out_are_read_from_git() {
    let sandbox = Sandbox::new();
    sparse(&sandbox);
    for index in ["--no-sparse-index", "--sparse-index"] {
        sandbox.git(&["sparse-checkout", "set", index, "hosts"]);
        assert!(!sandbox.path("other").exists());
        assert_eq!(read(&sandbox, "other/b.nix").as_deref(), Some("{ }\n"));
        assert_eq!(read(&sandbox, "other/c.nix"), None);
    }
    // A flake that is left out is found as well.
    sandbox.git(&["sparse-checkout", "set", "--no-cone", "/hosts/"]);
    assert!(!sandbox.path("flake.nix").exists());
    let inside = Workspace::open(&sandbox.path("hosts/pai")).unwrap();
    assert_eq!(inside.dir().as_str(), "");
    assert!(read(&sandbox, "flake.nix").is_some());
}

fn sparse_index() {
    let sandbox = Sandbox::new();
    sparse(&sandbox);
    sandbox.git(&[
        "sparse-checkout",
        "set",
        "--sparse-index",
        "hosts",
        "larder",
    ]);
    sandbox.git(&["config", "advice.sparseIndexExpanded", "false"]);
    sandbox.commit(&sandbox.plan());
    assert_eq!(
        sandbox.last_commit(),
        "A\tlarder/pai.nix\nD\told.nix\nM\tpai.nix\n"
    );
    assert_eq!(sandbox.view(), ["", "", ""]);
    assert!(
        sandbox.git(&["ls-files", "--sparse"]).contains("other/\n"),
        "still sparse"
    );
    let plan = Planned::new("noted").create("larder/b.nix", "{ }\n").0;
    sandbox.apply(&plan, Finish::NoCommit).unwrap();
    assert_eq!(sandbox.git(&["status", "--porcelain"]), " A larder/b.nix\n");
    sandbox.assert_sound();
}

fn file_mode_is_not_trusted() {
    let sandbox = Sandbox::new();
    sandbox.git(&["config", "core.fileMode", "false"]);
    sandbox.chmod("pai.nix", 0o755);
    sandbox.commit(&sandbox.plan());
    assert!(
        sandbox
            .git(&["ls-tree", "HEAD", "pai.nix"])
            .starts_with("100644")
    );
    assert_eq!(sandbox.view(), ["", "", ""]);
}

fn a_group_writable_index_stays_so() {
    let sandbox = Sandbox::new();
    sandbox.chmod(".git/index", 0o664);
    sandbox.commit(&sandbox.plan());
    let mode = fs::metadata(sandbox.path(".git/index"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o664);
}
