//! Ignore rules: the same answer as git's own.

use super::sandbox::{Sandbox, at};

trials![as_git_check_ignore];

fn as_git_check_ignore() {
    let sandbox = Sandbox::new();
    sandbox.write(
        ".gitignore",
        "*.log\n!keep.log\n/build/\n# comment\ndeep/**/x\n",
    );
    sandbox.write("hosts/.gitignore", "secret\n!build/\n");
    sandbox.write(".git/info/exclude", "excluded\n");
    sandbox.write("../global", "everywhere\n");
    sandbox.git(&["config", "core.excludesFile", "../global"]);
    let global = sandbox.root().with_file_name("global");
    sandbox.git(&["config", "core.excludesFile", &global.display().to_string()]);
    let ws = sandbox.workspace();
    let mut hits = 0;
    for path in [
        "a.log",
        "keep.log",
        "build/x",
        "hosts/build/x",
        "deep/a/b/x",
        "hosts/secret",
        "secret",
        "excluded",
        "x/excluded",
        "everywhere",
        "flake.nix",
        "hosts/keep.log",
        "hosts/a.log",
    ] {
        let git = sandbox.try_git(&["check-ignore", "-v", "--no-index", path]);
        let said = String::from_utf8(git.stdout).unwrap();
        let rule = said.split('\t').next().unwrap_or_default();
        let rule = if rule.contains(":!") { "" } else { rule };
        let ours = ws.ignored_by(&at(path)).unwrap();
        let ours = ours.map(|it| format!("{}:{}:{}", it.file, it.line, it.pattern));
        assert_eq!(ours.as_deref().unwrap_or_default(), rule, "{path}");
        hits += usize::from(ours.is_some());
    }
    assert_eq!(hits, 8);
}
