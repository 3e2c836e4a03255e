//! One commit, only our paths, everything else as it was.

use std::os::unix::fs::PermissionsExt;
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use larder::internals::io::preflight::Finish;
use larder::internals::io::workspace::Workspace;

use super::sandbox::{Planned, Sandbox, apply, at, git_in};

trials![
    exactly_our_paths_are_committed,
    unfinished_work_stays_unfinished,
    an_executable_stays_executable,
    the_first_commit_of_a_branch,
    a_detached_head,
    a_linked_work_tree,
    started_in_a_subfolder,
    the_reflog_is_as_gits,
    the_index_knows_our_files_as_git_would,
    an_edit_in_the_same_second_is_not_lost_from_sight,
    the_next_commit_by_git_records_our_folders,
    a_clean_plan_makes_no_commit,
    an_edited_inventory_is_taken_along,
    a_packed_branch,
    the_short_id_and_the_branch_are_told,
];

fn exactly_our_paths_are_committed() {
    let sandbox = Sandbox::new();
    sandbox.commit(&sandbox.plan());
    assert_eq!(
        sandbox.last_commit(),
        "A\tlarder/pai.nix\nD\told.nix\nM\tpai.nix\n"
    );
    assert_eq!(
        sandbox.git(&["log", "-1", "--format=%an <%ae> %cn %ad %s"]),
        "Ada <ada@example.org> Ada Tue Nov 14 22:13:20 2023 +0000 wire pai\n"
    );
    assert_eq!(sandbox.view(), ["", "", ""]);
    sandbox.assert_sound();
}

fn unfinished_work_stays_unfinished() {
    let sandbox = Sandbox::new();
    for name in ["staged", "unstaged", "both", "forgotten"] {
        sandbox.write(name, "one\n");
    }
    sandbox.commit_all("work");
    sandbox.write("staged", "two\n");
    sandbox.write("both", "two\n");
    sandbox.write("new", "new\n");
    sandbox.git(&["add", "staged", "both", "new"]);
    sandbox.write("both", "three\n");
    sandbox.write("unstaged", "two\n");
    sandbox.write("untracked", "x\n");
    sandbox.git(&["rm", "-q", "--cached", "forgotten"]);
    let before = sandbox.view();

    sandbox.commit(&sandbox.plan());

    assert_eq!(sandbox.view(), before);
    assert_eq!(
        sandbox.last_commit(),
        "A\tlarder/pai.nix\nD\told.nix\nM\tpai.nix\n"
    );
    sandbox.assert_sound();
}

fn an_executable_stays_executable() {
    let sandbox = Sandbox::new();
    sandbox.chmod("pai.nix", 0o755);
    sandbox.commit_all("a script of sorts");
    sandbox.commit(&sandbox.plan());
    assert!(
        sandbox
            .git(&["ls-tree", "HEAD", "pai.nix"])
            .starts_with("100755")
    );
    let mode = sandbox
        .path("pai.nix")
        .metadata()
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o7777, 0o755);
    assert_eq!(sandbox.view(), ["", "", ""]);
}

fn the_first_commit_of_a_branch() {
    let sandbox = Sandbox::unborn(&[]);
    sandbox.write("note", "mine\n");
    let plan = Planned::new("start a fleet").create("flake.nix", "{ }\n").0;
    let ws = Workspace::open_here(sandbox.root()).unwrap();
    apply(&ws, &plan, Finish::Commit, &[]).unwrap();
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "?? note\n");
    assert_eq!(sandbox.git(&["log", "--format=%s"]), "start a fleet\n");
    assert!(
        sandbox
            .git(&["reflog"])
            .ends_with("commit (initial): start a fleet\n")
    );
    sandbox.assert_sound();
}

fn a_detached_head() {
    let sandbox = Sandbox::new();
    sandbox.git(&["switch", "-q", "--detach"]);
    let applied = sandbox.commit(&sandbox.plan());
    assert_eq!(applied.branch, None);
    assert_eq!(sandbox.git(&["log", "--format=%s", "main"]), "first\n");
    assert_eq!(
        sandbox.git(&["log", "--format=%s", "HEAD"]),
        "wire pai\nfirst\n"
    );
    assert_eq!(sandbox.view(), ["", "", ""]);
    sandbox.assert_sound();
}

fn a_linked_work_tree() {
    let sandbox = Sandbox::new();
    sandbox.git(&["worktree", "add", "-q", "../linked", "-b", "side/branch"]);
    let linked = sandbox.root().with_file_name("linked");
    let ws = Workspace::open(&linked).unwrap();
    assert_eq!(ws.root(), linked);
    apply(&ws, &sandbox.plan(), Finish::Commit, &[]).unwrap();
    let output = git_in(&linked, &["status", "--porcelain"]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
    assert_eq!(
        sandbox.git(&["log", "--format=%s", "side/branch"]),
        "wire pai\nfirst\n"
    );
    assert_eq!(sandbox.git(&["log", "--format=%s", "main"]), "first\n");
    assert_eq!(sandbox.view(), ["", "", ""]);
    sandbox.assert_sound();
}

fn started_in_a_subfolder() {
    let sandbox = Sandbox::new();
    sandbox.write("hosts/pai/a.nix", "{ }\n");
    sandbox.commit_all("a folder");
    let ws = Workspace::open(&sandbox.path("hosts/pai")).unwrap();
    assert_eq!(ws.dir().as_str(), "");
    apply(&ws, &sandbox.plan(), Finish::Commit, &[]).unwrap();
    assert_eq!(sandbox.view(), ["", "", ""]);
}

fn the_reflog_is_as_gits() {
    let ours = Sandbox::new();
    ours.commit(&ours.plan());
    let gits = Sandbox::new();
    let plan = gits.plan();
    for (path, change) in &plan.changes {
        match change.after() {
            Some(text) => gits.write(path.as_str(), text),
            None => std::fs::remove_file(gits.path(path.as_str())).unwrap(),
        }
    }
    gits.commit_all("wire pai");
    assert_eq!(
        ours.git(&["rev-parse", "HEAD"]),
        gits.git(&["rev-parse", "HEAD"])
    );
    for log in [".git/logs/HEAD", ".git/logs/refs/heads/main"] {
        assert_eq!(ours.read(log), gits.read(log), "{log}");
    }
}

fn the_index_knows_our_files_as_git_would() {
    let sandbox = Sandbox::new();
    sandbox.commit(&sandbox.plan());
    let ours = sandbox.git(&["ls-files", "--debug"]);
    sandbox.git(&["update-index", "--really-refresh"]);
    assert_eq!(ours, sandbox.git(&["ls-files", "--debug"]));
}

fn an_edit_in_the_same_second_is_not_lost_from_sight() {
    let sandbox = Sandbox::new();
    sandbox.write("note", "one\n");
    sandbox.commit_all("a note");
    start_of_a_second();
    sandbox.write("note", "two\n");
    sandbox.git(&["add", "note"]);
    let staged_at = sandbox.path("note").metadata().unwrap().modified().unwrap();
    sandbox.write("note", "six\n");
    let edited = std::fs::File::options()
        .write(true)
        .open(sandbox.path("note"))
        .unwrap();
    edited.set_modified(staged_at).unwrap();
    // Git compares whole seconds where it is told to.
    sandbox.git(&["config", "core.checkStat", "minimal"]);
    sleep(Duration::from_millis(1100));

    sandbox.commit(&sandbox.plan());

    assert_eq!(sandbox.git(&["status", "--porcelain"]), "MM note\n");
}

fn start_of_a_second() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let passed = Duration::from_nanos(now.subsec_nanos().into());
    sleep(Duration::from_millis(1020).saturating_sub(passed));
}

fn the_next_commit_by_git_records_our_folders() {
    let sandbox = Sandbox::new();
    sandbox.write("larder/kalaw.nix", "{ }\n");
    sandbox.commit_all("a folder that git remembers");
    sandbox.commit(&sandbox.plan());
    sandbox.write("note", "x\n");
    sandbox.git(&["add", "note"]);
    sandbox.git(&["commit", "-q", "-m", "mine"]);
    assert_eq!(sandbox.last_commit(), "A\tnote\n");
    assert_eq!(sandbox.view(), ["", "", ""]);
}

fn a_clean_plan_makes_no_commit() {
    let sandbox = Sandbox::new();
    let before = sandbox.snapshot();
    let plan = Planned::new("nothing")
        .edit(&sandbox, "pai.nix", str::to_owned)
        .0;
    assert_eq!(sandbox.commit(&plan).commit, None);
    super::sandbox::assert_same(&before, &sandbox.snapshot());
}

fn an_edited_inventory_is_taken_along() {
    let sandbox = Sandbox::new();
    sandbox.write("larder.toml", "version = 1\n");
    sandbox.commit_all("an inventory");
    sandbox.write("larder.toml", "version = 1\n# edited\n");
    let plan = Planned::new("sync")
        .edit(&sandbox, "larder.toml", str::to_owned)
        .create("larder/pai.nix", "{ }\n")
        .0;
    let ws = sandbox.workspace();
    apply(&ws, &plan, Finish::Commit, &[at("larder.toml")]).unwrap();
    assert_eq!(sandbox.last_commit(), "M\tlarder.toml\nA\tlarder/pai.nix\n");
    assert_eq!(sandbox.view(), ["", "", ""]);
    sandbox.assert_sound();
}

fn a_packed_branch() {
    let sandbox = Sandbox::new();
    sandbox.git(&["gc", "-q"]);
    assert!(!sandbox.path(".git/refs/heads/main").exists());
    sandbox.commit(&sandbox.plan());
    assert_eq!(sandbox.git(&["log", "--format=%s"]), "wire pai\nfirst\n");
    assert_eq!(sandbox.view(), ["", "", ""]);
    sandbox.assert_sound();
}

fn the_short_id_and_the_branch_are_told() {
    let sandbox = Sandbox::new();
    let applied = sandbox.commit(&sandbox.plan());
    let id = sandbox.git(&["rev-parse", "HEAD"]);
    assert!(id.starts_with(&applied.commit.unwrap()));
    assert_eq!(applied.branch.as_deref(), Some("main"));
}
