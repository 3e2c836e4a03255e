//! Commits where the repository has hooks: they run as under git, and what they say is
//! shown.

use larder::internals::io::preflight::Finish::Commit;

use super::sandbox::{Planned, Sandbox, words};

trials![
    a_hook_that_accepts,
    a_hook_that_rejects,
    a_hook_that_reformats_and_rejects,
    a_hook_that_reformats_and_accepts,
    a_hook_in_another_folder,
    a_hook_that_is_not_executable,
    a_hook_and_new_files_only,
    a_hook_sees_the_environment_of_git,
    a_hook_may_stash,
    what_hooks_print_comes_back,
    a_silent_hook_that_rejects,
    names_that_are_patterns,
];

/// The refusal of a commit, with what the hook printed.
fn refusal(output: &str) -> String {
    format!(
        "[git-refused] `git commit` failed, and nothing is changed\n\
         help: git's output:\n{output}\n{WAYS_ON}"
    )
}

const WAYS_ON: &str = "help: change what git or the hook asks for\n\
                       help: or pass `--no-commit`, and commit yourself";

fn hook(sandbox: &Sandbox, name: &str, script: &str) {
    let path = format!(".git/hooks/{name}");
    sandbox.write(&path, &format!("#!/bin/sh\n{script}\n"));
    sandbox.chmod(&path, 0o755);
}

/// Work of the user's that no commit of ours may touch.
fn unfinished_work(sandbox: &Sandbox) {
    sandbox.write("kalaw.nix", "staged\n");
    sandbox.git(&["add", "kalaw.nix"]);
    sandbox.write("kalaw.nix", "edited\n");
    sandbox.write("untracked", "x\n");
}

fn a_hook_that_accepts() {
    let sandbox = Sandbox::new();
    hook(
        &sandbox,
        "pre-commit",
        "git diff --cached --name-only > \"$(git rev-parse --git-dir)/seen\"",
    );
    hook(
        &sandbox,
        "commit-msg",
        "echo 'Signed-off-by: Ada' >> \"$1\"",
    );
    unfinished_work(&sandbox);
    let before = sandbox.view();
    let applied = sandbox.commit(&sandbox.plan());
    assert_eq!(applied.branch.as_deref(), Some("main"));
    assert_eq!(sandbox.view(), before);
    assert_eq!(
        sandbox.last_commit(),
        "A\tlarder/pai.nix\nD\told.nix\nM\tpai.nix\n"
    );
    assert_eq!(
        sandbox.read(".git/seen"),
        "larder/pai.nix\nold.nix\npai.nix\n"
    );
    assert_eq!(
        sandbox.git(&["log", "-1", "--format=%B"]),
        "wire pai\nSigned-off-by: Ada\n\n"
    );
    sandbox.assert_sound();
}

fn a_hook_that_rejects() {
    let sandbox = Sandbox::new();
    unfinished_work(&sandbox);
    hook(&sandbox, "pre-commit", "echo 'not on a Sunday' >&2; exit 1");
    let words = sandbox.refused_late(&sandbox.plan());
    assert_eq!(words, refusal("not on a Sunday"));
    sandbox.assert_sound();
}

fn a_hook_that_reformats_and_rejects() {
    let sandbox = Sandbox::new();
    unfinished_work(&sandbox);
    hook(
        &sandbox,
        "pre-commit",
        "for f in pai.nix larder/pai.nix; do echo '# formatted' >> $f; done\necho reformatted; exit 1",
    );
    let before = sandbox.snapshot();
    let stop = sandbox.apply(&sandbox.plan(), Commit).unwrap_err();
    assert_eq!(words(&stop), refusal("reformatted"));
    let mut after = sandbox.snapshot();
    assert!(
        after.contains_key(".git/larder/kept/pai.nix"),
        "nothing is thrown away"
    );
    after.retain(|path, _| {
        before.contains_key(path) || !(path.contains("larder/kept") || path.contains("objects/"))
    });
    super::sandbox::assert_same(&before, &after);
}

fn a_hook_that_reformats_and_accepts() {
    let sandbox = Sandbox::new();
    unfinished_work(&sandbox);
    let before = sandbox.view();
    hook(
        &sandbox,
        "pre-commit",
        "for f in pai.nix larder/pai.nix; do echo '# formatted' >> $f; git add $f; done",
    );
    sandbox.commit(&sandbox.plan());
    assert_eq!(sandbox.view(), before);
    assert!(
        sandbox
            .git(&["show", "HEAD:pai.nix"])
            .ends_with("# formatted\n")
    );
    assert!(sandbox.read("pai.nix").ends_with("# formatted\n"));
    sandbox.assert_sound();
}

fn a_hook_in_another_folder() {
    let sandbox = Sandbox::new();
    sandbox.write(".hooks/commit-msg", "#!/bin/sh\necho hooked >&2; exit 1\n");
    sandbox.chmod(".hooks/commit-msg", 0o755);
    sandbox.commit_all("hooks");
    sandbox.git(&["config", "core.hooksPath", ".hooks"]);
    let words = sandbox.refused_late(&sandbox.plan());
    assert_eq!(words, refusal("hooked"));
}

fn a_hook_that_is_not_executable() {
    let sandbox = Sandbox::new();
    sandbox.write(".git/hooks/pre-commit", "#!/bin/sh\nexit 1\n");
    sandbox.commit(&sandbox.plan());
}

fn a_hook_and_new_files_only() {
    let sandbox = Sandbox::unborn(&[]);
    hook(&sandbox, "pre-commit", "exit 1");
    sandbox.write("flake.nix", super::sandbox::FLAKE);
    let plan = Planned::new("new").create("larder/a.nix", "{ }\n").0;
    sandbox.refused_late(&plan);
    hook(&sandbox, "pre-commit", "exit 0");
    sandbox.commit(&plan);
    assert_eq!(sandbox.git(&["status", "--porcelain"]), "?? flake.nix\n");
    sandbox.assert_sound();
}

/// Every variable of git, with its value, is the one that the hook sees when the user
/// commits.
fn a_hook_sees_the_environment_of_git() {
    let sandbox = Sandbox::new();
    let noted = "env | grep ^GIT_ | sed 's/lock$//;s/next-index-[0-9]*/index/' | sort >> .git/environment; \
                 git ls-files '*.nix' >> .git/environment; ls /proc/self/fd | head -3 >> .git/environment";
    hook(&sandbox, "pre-commit", noted);
    sandbox.write("pai.nix", "{ } # by hand\n");
    sandbox.git(&[
        "commit",
        "--quiet",
        "--only",
        "--message",
        "by hand",
        "pai.nix",
    ]);
    let of_git = sandbox.read(".git/environment");
    sandbox.write(".git/environment", "");
    sandbox.commit(
        &Planned::new("new")
            .append(&sandbox, "pai.nix", "# more\n")
            .0,
    );
    assert!(of_git.contains("pai.nix"), "{of_git}");
    assert_eq!(sandbox.read(".git/environment"), of_git);
}

/// Unstaged work is put aside while the hook looks, and is back afterwards.
fn a_hook_may_stash() {
    let sandbox = Sandbox::new();
    hook(
        &sandbox,
        "pre-commit",
        "git stash push --quiet --keep-index || exit 1\ngit stash pop --quiet",
    );
    sandbox.write("kalaw.nix", "edited\n");
    sandbox.commit(&sandbox.plan());
    assert_eq!(sandbox.read("kalaw.nix"), "edited\n");
    assert_eq!(
        sandbox.last_commit(),
        "A\tlarder/pai.nix\nD\told.nix\nM\tpai.nix\n"
    );
}

fn what_hooks_print_comes_back() {
    let sandbox = Sandbox::new();
    hook(
        &sandbox,
        "pre-commit",
        "echo 'check a...Passed'\necho '  - fine' >&2",
    );
    hook(&sandbox, "post-commit", "echo 'done'");
    let applied = sandbox.commit(&sandbox.plan());
    assert_eq!(applied.git_output, "check a...Passed\n  - fine\ndone");
}

fn a_silent_hook_that_rejects() {
    let sandbox = Sandbox::new();
    hook(&sandbox, "commit-msg", "exit 1");
    let words = sandbox.refused_late(&sandbox.plan());
    assert_eq!(
        words,
        format!("[git-refused] `git commit` failed, and nothing is changed\n{WAYS_ON}")
    );
}

/// A path is that path, whatever else it would match as a pattern.
fn names_that_are_patterns() {
    let sandbox = Sandbox::new();
    for path in ["[ab].nix", "a.nix", "b.nix", ":(top)c.nix", "*.nix"] {
        sandbox.write(path, "{ }\n");
    }
    sandbox.commit_all("names");
    hook(&sandbox, "pre-commit", "exit 0");
    sandbox.write("a.nix", "{ } # mine\n");
    sandbox.write("b.nix", "{ } # mine\n");
    let plan = Planned::new("patterns")
        .append(&sandbox, "[ab].nix", "# 1\n")
        .append(&sandbox, "*.nix", "# 2\n")
        .append(&sandbox, ":(top)c.nix", "# 3\n")
        .create("?.nix", "{ }\n")
        .0;
    sandbox.commit(&plan);
    assert_eq!(
        sandbox.last_commit(),
        "M\t*.nix\nM\t:(top)c.nix\nA\t?.nix\nM\t[ab].nix\n"
    );
    assert_eq!(
        sandbox.git(&["status", "--porcelain"]),
        " M a.nix\n M b.nix\n"
    );
}
