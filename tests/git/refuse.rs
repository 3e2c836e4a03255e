//! Every refusal names the thing, helps, and leaves everything byte for byte.

use std::fs;
use std::os::unix::fs::{chown, symlink};

use larder::internals::io::preflight::Finish::{Commit, NoCommit};
use larder::internals::io::workspace::Workspace;

use super::sandbox::{PAI, Planned, Sandbox, apply, at, words};

trials![
    a_merge_in_progress,
    a_rebase_in_progress,
    a_cherry_pick_in_progress,
    a_bisect_is_no_obstacle,
    a_conflict_without_a_merge,
    no_identity,
    an_identity_of_nothing,
    a_target_with_unstaged_changes,
    a_target_with_staged_changes,
    a_partly_staged_target_even_if_allowed,
    a_target_that_is_not_committed,
    a_repository_without_commits,
    a_deletion_that_is_not_committed,
    an_ignored_target,
    a_file_that_exists_already,
    a_text_that_changed_on_disk,
    a_file_that_is_gone,
    a_path_behind_a_link,
    a_link_that_leaves_the_work_tree,
    a_submodule,
    a_repository_inside,
    a_skipped_path,
    an_edit_that_git_is_told_to_overlook,
    gits_own_folder,
    a_read_only_file,
    a_read_only_folder,
    a_twin_in_another_case,
    a_file_in_the_way_of_a_folder,
    an_unstaged_deletion_in_the_way,
    no_repository,
    a_bare_repository,
    no_flake,
    flakes_below_are_listed,
    all_reasons_at_once,
    ; needs root:
    an_immutable_file,
    somebody_elses_repository,
];

fn conflicting(sandbox: &Sandbox) {
    sandbox.git(&["switch", "-q", "-c", "side"]);
    sandbox.write("kalaw.nix", "side\n");
    sandbox.commit_all("side");
    sandbox.git(&["switch", "-q", "main"]);
    sandbox.write("kalaw.nix", "main\n");
    sandbox.commit_all("main");
}

fn a_merge_in_progress() {
    let sandbox = Sandbox::new();
    conflicting(&sandbox);
    sandbox.git(&[
        "merge",
        "-q",
        "--no-commit",
        "--no-ff",
        "-s",
        "ours",
        "side",
    ]);
    let words = sandbox.refused(&sandbox.plan(), Commit);
    assert_eq!(
        words,
        "[in-progress] a merge is in progress in this repository\n\
         help: finish it with `git merge --continue`, or give it up with `git merge --abort`"
    );
    sandbox.refused(&sandbox.plan(), NoCommit);
}

fn a_rebase_in_progress() {
    let sandbox = Sandbox::new();
    conflicting(&sandbox);
    assert!(!sandbox.try_git(&["rebase", "side"]).status.success());
    let words = sandbox.refused(&sandbox.plan(), Commit);
    assert_eq!(words, in_the_middle_of("rebase"));
}

fn a_cherry_pick_in_progress() {
    let sandbox = Sandbox::new();
    conflicting(&sandbox);
    assert!(!sandbox.try_git(&["cherry-pick", "side"]).status.success());
    let words = sandbox.refused(&sandbox.plan(), Commit);
    assert_eq!(words, in_the_middle_of("cherry-pick"));
}

fn in_the_middle_of(what: &str) -> String {
    format!(
        "[in-progress] a {what} is in progress in this repository\n\
         help: finish it with `git {what} --continue`, or give it up with `git {what} --abort`\n\
         [conflict] `kalaw.nix` is in conflict\n\
         help: resolve it, then `git add kalaw.nix`"
    )
}

fn a_bisect_is_no_obstacle() {
    let sandbox = Sandbox::new();
    sandbox.git(&["bisect", "start"]);
    sandbox.commit(&sandbox.plan());
}

fn a_conflict_without_a_merge() {
    let sandbox = Sandbox::new();
    sandbox.write("kalaw.nix", "stashed\n");
    sandbox.git(&["stash", "-q"]);
    sandbox.write("kalaw.nix", "other\n");
    sandbox.commit_all("other");
    assert!(!sandbox.try_git(&["stash", "pop"]).status.success());
    let words = sandbox.refused(&sandbox.plan(), Commit);
    assert_eq!(
        words,
        "[conflict] `kalaw.nix` is in conflict\nhelp: resolve it, then `git add kalaw.nix`"
    );
}

fn no_identity() {
    let sandbox = Sandbox::new();
    sandbox.git(&["config", "--unset", "user.name"]);
    sandbox.git(&["config", "--unset", "user.email"]);
    let words = sandbox.refused(&sandbox.plan(), Commit);
    assert_eq!(
        words,
        "[no-identity] git does not know who commits here\n\
         help: git config --global user.name \"Your Name\"\n\
         help: git config --global user.email you@example.org\n\
         help: or pass `--no-commit`, and commit yourself"
    );
    sandbox.apply(&sandbox.plan(), NoCommit).unwrap();
}

/// Git takes all of these away from a name; ` <>` is nobody.
fn an_identity_of_nothing() {
    let sandbox = Sandbox::new();
    for (key, value) in [
        ("user.name", ""),
        ("user.name", " ,. "),
        ("user.email", ""),
        ("user.email", "<>"),
    ] {
        let before = sandbox.git(&["config", key]);
        sandbox.git(&["config", key, value]);
        let words = sandbox.refused(&sandbox.plan(), Commit);
        let message = "[no-identity] git does not know who commits here\n";
        assert!(words.starts_with(message), "{key} = {value:?}: {words}");
        sandbox.git(&["config", key, before.trim_end()]);
    }
    sandbox.commit(&sandbox.plan());
}

fn a_target_with_unstaged_changes() {
    let sandbox = Sandbox::new();
    sandbox.write("pai.nix", "{ } # mine\n");
    let words = sandbox.refused(&sandbox.plan(), Commit);
    assert_eq!(
        words,
        "[uncommitted] `pai.nix` has changes that are not committed\n\
         help: git commit pai.nix\n\
         help: or pass `--no-commit`"
    );
}

fn a_target_with_staged_changes() {
    let sandbox = Sandbox::new();
    sandbox.write("pai.nix", "{ } # mine\n");
    sandbox.git(&["add", "pai.nix"]);
    let words = sandbox.refused(&sandbox.plan(), Commit);
    assert_eq!(
        words,
        "[uncommitted] `pai.nix` has changes that are not committed\n\
         help: git commit pai.nix\n\
         help: or pass `--no-commit`"
    );
}

fn a_partly_staged_target_even_if_allowed() {
    let sandbox = Sandbox::new();
    sandbox.write("pai.nix", "{ } # one\n");
    sandbox.git(&["add", "pai.nix"]);
    sandbox.write("pai.nix", "{ } # one and two\n");
    let before = sandbox.snapshot();
    let stop = apply(
        &sandbox.workspace(),
        &sandbox.plan(),
        Commit,
        &[at("pai.nix")],
    )
    .unwrap_err();
    assert_eq!(
        words(&stop),
        "[partly-staged] `pai.nix` is partly staged: a commit would include the rest\n\
         help: commit what is staged first"
    );
    super::sandbox::assert_same(&before, &sandbox.snapshot());
}

fn a_target_that_is_not_committed() {
    let sandbox = Sandbox::new();
    sandbox.write("new.nix", "{ }\n");
    let plan = Planned::new("edit")
        .append(&sandbox, "new.nix", "# more\n")
        .0;
    let words = sandbox.refused(&plan, Commit);
    assert_eq!(
        words,
        "[uncommitted] `new.nix` is not in the last commit\n\
         help: git add new.nix && git commit new.nix\n\
         help: or pass `--no-commit`"
    );
    sandbox.git(&["add", "new.nix"]);
    let words = sandbox.refused(&plan, Commit);
    assert_eq!(
        words,
        "[uncommitted] `new.nix` is not in the last commit\n\
         help: git add new.nix && git commit new.nix\n\
         help: or pass `--no-commit`"
    );
}

fn a_repository_without_commits() {
    let sandbox = Sandbox::unborn(&[]);
    sandbox.write("flake.nix", "{ nixosConfigurations = { }; }\n");
    sandbox.git(&["add", "flake.nix"]);
    let plan = Planned::new("edit")
        .append(&sandbox, "flake.nix", "# more\n")
        .0;
    let words = sandbox.refused(&plan, Commit);
    assert_eq!(
        words,
        "[uncommitted] the repository has no commit yet that holds `flake.nix`\n\
         help: git add flake.nix && git commit flake.nix\n\
         help: or pass `--no-commit`"
    );
}

fn a_deletion_that_is_not_committed() {
    let sandbox = Sandbox::new();
    fs::remove_file(sandbox.path("old.nix")).unwrap();
    let plan = Planned::new("again").create("old.nix", "{ } # new\n").0;
    let words = sandbox.refused(&plan, Commit);
    assert_eq!(
        words,
        "[uncommitted] `old.nix` has been deleted, and the deletion is not committed\n\
         help: git commit old.nix"
    );
}

fn an_ignored_target() {
    let sandbox = Sandbox::new();
    sandbox.write(".gitignore", "# build\nlarder/\n");
    sandbox.commit_all("ignore");
    for finish in [Commit, NoCommit] {
        let words = sandbox.refused(&sandbox.plan(), finish);
        assert_eq!(
            words,
            "[ignored] git ignores `larder/pai.nix`: line 2 of `.gitignore` says `larder/`\n\
             help: add the line `!/larder/pai.nix` after it"
        );
    }
}

fn a_file_that_exists_already() {
    let sandbox = Sandbox::new();
    sandbox.write("larder/pai.nix", "# not larder's\n");
    let words = sandbox.refused(&sandbox.plan(), Commit);
    assert_eq!(
        words,
        "[already-exists] `larder/pai.nix` exists already\n\
         help: move it away: `mv larder/pai.nix larder/pai.nix.old`"
    );
}

fn a_text_that_changed_on_disk() {
    let sandbox = Sandbox::new();
    let plan = sandbox.plan();
    sandbox.write("pai.nix", "{ } # saved by an editor meanwhile\n");
    for finish in [Commit, NoCommit] {
        let words = sandbox.refused(&plan, finish);
        assert_eq!(
            words,
            "[changed-on-disk] `pai.nix` has changed on the disk meanwhile\nhelp: run the command again"
        );
    }
}

fn a_file_that_is_gone() {
    let sandbox = Sandbox::new();
    let plan = sandbox.plan();
    fs::remove_file(sandbox.path("pai.nix")).unwrap();
    let words = sandbox.refused(&plan, Commit);
    assert_eq!(
        words,
        "[changed-on-disk] `pai.nix` is gone\n\
         help: run the command again"
    );
}

fn a_path_behind_a_link() {
    let sandbox = Sandbox::new();
    sandbox.write("real/x.nix", "{ }\n");
    symlink("real", sandbox.path("larder")).unwrap();
    sandbox.commit_all("a linked folder");
    let words = sandbox.refused(&sandbox.plan(), Commit);
    assert_eq!(
        words,
        "[behind-link] `larder/pai.nix` is behind the symbolic link `larder`"
    );
}

fn a_link_that_leaves_the_work_tree() {
    let sandbox = Sandbox::new();
    fs::write(sandbox.root().with_file_name("outside.nix"), "{ }\n").unwrap();
    symlink("../outside.nix", sandbox.path("link.nix")).unwrap();
    sandbox.commit_all("a link");
    let plan = Planned::new("edit")
        .append(&sandbox, "link.nix", "# more\n")
        .0;
    let words = sandbox.refused(&plan, Commit);
    assert_eq!(
        words,
        "[behind-link] `link.nix` is a symbolic link that leaves the work tree"
    );
}

fn a_submodule() {
    let sandbox = Sandbox::new();
    let other = Sandbox::new();
    let url = other.root().display().to_string();
    sandbox.git(&[
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        &url,
        "module",
    ]);
    sandbox.git(&["commit", "-q", "-m", "a module"]);
    let plan = Planned::new("edit")
        .append(&sandbox, "module/pai.nix", "# more\n")
        .0;
    let words = sandbox.refused(&plan, Commit);
    assert_eq!(
        words,
        "[in-submodule] `module/pai.nix` is in the submodule `module`\n\
         help: write it there by hand, or name a module of this repository as `module` in `larder.toml`"
    );
    // Inside it is a repository like any other.
    let inside = Workspace::open(&sandbox.path("module")).unwrap();
    let plan = Planned::new("inside")
        .append(&other, "pai.nix", "# more\n")
        .0;
    let module = sandbox.path("module");
    for pair in [["user.name", "Ada"], ["user.email", "ada@example.org"]] {
        let set = super::sandbox::git_in(&module, &["config", pair[0], pair[1]]);
        assert!(set.status.success());
    }
    let inside = {
        drop(inside);
        Workspace::open(&module).unwrap()
    };
    apply(&inside, &plan, Commit, &[]).unwrap();
    assert_eq!(
        fs::read_to_string(module.join("pai.nix")).unwrap(),
        other.read("pai.nix") + "# more\n"
    );
}

fn a_repository_inside() {
    let sandbox = Sandbox::new();
    sandbox.write("larder/note", "x\n");
    super::sandbox::git_in(&sandbox.path("larder"), &["init", "-q"]);
    let words = sandbox.refused(&sandbox.plan(), Commit);
    assert_eq!(
        words,
        "[in-submodule] `larder/pai.nix` is in the submodule `larder`\n\
         help: write it there by hand, or name a module of this repository as `module` in `larder.toml`"
    );
}

fn a_skipped_path() {
    let sandbox = Sandbox::new();
    sandbox.git(&["update-index", "--skip-worktree", "pai.nix"]);
    let words = sandbox.refused(&sandbox.plan(), Commit);
    let lines = [
        "[skip-worktree] `pai.nix` is marked skip-worktree: git does not look at the file",
        "help: git update-index --no-skip-worktree pai.nix",
    ];
    assert_eq!(words, lines.join("\n"));
    fs::remove_file(sandbox.path("pai.nix")).unwrap();
    let edit = Planned::new("edit").create("pai.nix", "{ }\n").0;
    let words = sandbox.refused(&edit, Commit);
    let help = "help: git update-index --no-skip-worktree pai.nix && git restore pai.nix";
    assert_eq!(words.lines().last(), Some(help));
}

fn an_edit_that_git_is_told_to_overlook() {
    let sandbox = Sandbox::new();
    sandbox.git(&["update-index", "--assume-unchanged", "pai.nix"]);
    sandbox.write("pai.nix", &(PAI.to_owned() + "# mine\n"));
    let words = sandbox.refused(&sandbox.plan(), Commit);
    assert_eq!(
        words,
        "[uncommitted] `pai.nix` has changes, and is marked assume-unchanged\n\
         help: git update-index --no-assume-unchanged pai.nix\n\
         help: then commit the changes, or pass `--no-commit`"
    );
}

fn gits_own_folder() {
    let sandbox = Sandbox::new();
    for path in [".git/hooks/pre-commit", ".GIT/config", "a/.git/config"] {
        let plan = Planned::new("no").create(path, "x\n").0;
        let words = sandbox.refused(&plan, Commit);
        assert_eq!(words, format!("[git-folder] `{path}` belongs to git"));
    }
}

fn a_read_only_file() {
    let sandbox = Sandbox::new();
    sandbox.chmod("pai.nix", 0o444);
    for finish in [Commit, NoCommit] {
        let words = sandbox.refused(&sandbox.plan(), finish);
        assert_eq!(
            words,
            "[read-only] `pai.nix` is read-only\nhelp: chmod u+w pai.nix"
        );
    }
}

fn a_read_only_folder() {
    let sandbox = Sandbox::new();
    sandbox.write("larder/x.nix", "{ }\n");
    sandbox.commit_all("a folder");
    sandbox.chmod("larder", 0o555);
    let words = sandbox.refused(&sandbox.plan(), Commit);
    let folder = sandbox.path("larder");
    let message = format!(
        "[read-only] the folder `{}` cannot be written to",
        folder.display()
    );
    assert_eq!(words, message);
    sandbox.chmod("larder", 0o755);
}

fn an_immutable_file() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("pai.nix").display().to_string();
    let chattr = |flag| {
        std::process::Command::new("chattr")
            .args([flag, path.as_str()])
            .status()
            .unwrap()
    };
    assert!(
        chattr("+i").success(),
        "chattr needs root and a disk that knows it"
    );
    let words = sandbox.refused(&sandbox.plan(), Commit);
    assert!(chattr("-i").success());
    assert_eq!(
        words,
        "[read-only] `pai.nix` is read-only\n\
         help: chmod u+w pai.nix"
    );
}

fn a_twin_in_another_case() {
    let sandbox = Sandbox::new();
    for (path, twin) in [("Pai.nix", "pai.nix"), ("FLAKE.nix", "flake.nix")] {
        let plan = Planned::new("twin").create(path, "{ }\n").0;
        let words = sandbox.refused(&plan, Commit);
        assert_eq!(
            words,
            format!("[case-collision] `{path}` differs only in case from `{twin}`")
        );
    }
    let plan = Planned::new("twins")
        .create("larder/a.nix", "{ }\n")
        .create("Larder/b.nix", "{ }\n")
        .0;
    let words = sandbox.refused(&plan, Commit);
    assert_eq!(
        words,
        "[case-collision] `Larder/b.nix` differs only in case from `larder`"
    );
}

fn a_file_in_the_way_of_a_folder() {
    let sandbox = Sandbox::new();
    sandbox.write("larder", "a file\n");
    sandbox.commit_all("a file");
    let words = sandbox.refused(&sandbox.plan(), Commit);
    assert_eq!(words, "[not-a-folder] `larder` is a file, not a folder");
}

fn an_unstaged_deletion_in_the_way() {
    let sandbox = Sandbox::new();
    sandbox.write("larder", "a file\n");
    sandbox.commit_all("a file");
    fs::remove_file(sandbox.path("larder")).unwrap();
    let words = sandbox.refused(&sandbox.plan(), Commit);
    assert_eq!(
        words,
        "[file-and-folder] git tracks `larder`, which conflicts with `larder/pai.nix`\n\
         help: git rm --cached larder"
    );
}

fn somebody_elses_repository() {
    let sandbox = Sandbox::new();
    let everything = [".", ".git"].map(|path| sandbox.path(path));
    for path in &everything {
        chown(path, Some(12345), Some(12345)).expect("this test needs root");
    }
    let stop = Workspace::open(sandbox.root()).err().unwrap();
    let root = sandbox.root().display();
    assert_eq!(
        words(&stop),
        format!(
            "[not-yours] `{root}` belongs to somebody else\n\
             help: git config --global --add safe.directory {root}"
        )
    );
    let trust = format!("{root}");
    sandbox.git(&["config", "--global", "--add", "safe.directory", &trust]);
    sandbox.commit(&sandbox.plan());
}

fn no_repository() {
    let dir = tempfile::tempdir().unwrap();
    let stop = Workspace::open(dir.path()).err().unwrap();
    let here = dir.path().canonicalize().unwrap();
    assert_eq!(
        words(&stop),
        format!(
            "[no-git] `{}` is not in a git repository\nhelp: git init",
            here.display()
        )
    );
}

fn a_bare_repository() {
    let dir = tempfile::tempdir().unwrap();
    super::sandbox::git_in(dir.path(), &["init", "-q", "--bare"]);
    let stop = Workspace::open(dir.path()).err().unwrap();
    let here = dir.path().canonicalize().unwrap();
    let message = format!(
        "[no-work-tree] `{}` is a bare repository: it has no work tree",
        here.display()
    );
    assert_eq!(words(&stop), message);
}

fn no_flake() {
    let sandbox = Sandbox::unborn(&[]);
    let stop = Workspace::open(sandbox.root()).err().unwrap();
    assert_eq!(
        words(&stop),
        "[no-flake] no flake with `nixosConfigurations` in this folder or above it\n\
         help: go to the folder of your `flake.nix`, or start one here: `larder init --new-flake HOST`"
    );
}

fn flakes_below_are_listed() {
    let sandbox = Sandbox::unborn(&[]);
    sandbox.write("nix/one/flake.nix", super::sandbox::FLAKE);
    sandbox.write("nix/two/flake.nix", super::sandbox::FLAKE);
    sandbox.write(
        "shell/flake.nix",
        "{ outputs = _: { devShells = { }; }; }\n",
    );
    sandbox.git(&["add", "-A"]);
    let stop = Workspace::open(&sandbox.path("nix")).err().unwrap();
    assert_eq!(
        words(&stop),
        "[flake-elsewhere] no flake with `nixosConfigurations` in this folder or above it\n\
         help: `larder -C one …`\n\
         help: `larder -C two …`"
    );
    let inside = Workspace::open(&sandbox.path("nix/two")).unwrap();
    assert_eq!(inside.dir().as_str(), "nix/two");
}

fn all_reasons_at_once() {
    let sandbox = Sandbox::new();
    let plan = sandbox.plan();
    sandbox.write("larder/pai.nix", "there\n");
    sandbox.write("old.nix", "changed\n");
    sandbox.git(&["config", "--unset", "user.email"]);
    let words = sandbox.refused(&plan, Commit);
    assert_eq!(
        words,
        "[no-identity] git does not know who commits here\n\
         help: git config --global user.name \"Your Name\"\n\
         help: git config --global user.email you@example.org\n\
         help: or pass `--no-commit`, and commit yourself\n\
         [already-exists] `larder/pai.nix` exists already\n\
         help: move it away: `mv larder/pai.nix larder/pai.nix.old`\n\
         [changed-on-disk] `old.nix` has changed on the disk meanwhile\n\
         help: run the command again"
    );
}
