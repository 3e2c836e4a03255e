//! The built program among git's own processes and environment.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::sandbox::Sandbox;

trials![
    ctrl_c_while_a_hook_runs,
    inside_a_hook_it_reads_and_does_not_write,
    a_repository_named_by_the_environment,
    without_the_git_program,
    hooks_without_the_git_program,
];

/// The example fleet, with its inventory.
fn fleet() -> Sandbox {
    let sandbox = Sandbox::unborn(&[]);
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fleets/two-machines");
    for entry in fs::read_dir(example).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        sandbox.write(name, &fs::read_to_string(&path).unwrap());
    }
    sandbox.commit_all("fleet");
    let output = larder(&sandbox, &["init", "--yes"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    sandbox
}

fn larder(sandbox: &Sandbox, args: &[&str]) -> Command {
    let mut larder = Command::new(env!("CARGO_BIN_EXE_larder"));
    larder
        .current_dir(sandbox.root())
        .args(args)
        .stdin(Stdio::null());
    larder
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn ctrl_c_while_a_hook_runs() {
    let sandbox = fleet();
    sandbox.write(
        ".git/hooks/pre-commit",
        "#!/bin/sh\ntouch .git/reached; sleep 20\n",
    );
    sandbox.chmod(".git/hooks/pre-commit", 0o755);
    let before = (sandbox.view(), sandbox.git(&["rev-parse", "HEAD"]));
    let mut add = larder(
        &sandbox,
        &["add-host", "bagan", "--system", "x86_64-linux", "--yes"],
    );
    // A terminal sends the signal to the whole group: to larder, git and the hook.
    let child = add
        .process_group(0)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while !sandbox.path(".git/reached").exists() {
        sleep(Duration::from_millis(20));
    }
    let group = format!("-{}", child.id());
    let sent = Command::new("kill")
        .args(["-INT", "--", &group])
        .status()
        .unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("nothing is changed"),
        "{}",
        stderr(&output)
    );
    fs::remove_file(sandbox.path(".git/reached")).unwrap();
    assert_eq!(
        (sandbox.view(), sandbox.git(&["rev-parse", "HEAD"])),
        before
    );
    sandbox.assert_sound();
}

fn inside_a_hook_it_reads_and_does_not_write() {
    let sandbox = fleet();
    let program = env!("CARGO_BIN_EXE_larder");
    let script = format!(
        "#!/bin/sh\n{program} lint >.git/lint 2>&1; echo $? >>.git/lint\n\
         {program} add-host bagan --system x86_64-linux --yes >.git/add 2>&1; echo $? >>.git/add\n"
    );
    sandbox.write(".git/hooks/pre-commit", &script);
    sandbox.chmod(".git/hooks/pre-commit", 0o755);
    sandbox.write("notes", "mine\n");
    sandbox.git(&["add", "notes"]);
    sandbox.git(&["commit", "-q", "-m", "mine"]);
    assert!(
        sandbox.read(".git/lint").ends_with("0\n"),
        "{}",
        sandbox.read(".git/lint")
    );
    let said = sandbox.read(".git/add");
    assert!(said.contains("`GIT_INDEX_FILE` is set"), "{said}");
    assert!(said.ends_with("1\n"), "{said}");
    assert_eq!(sandbox.view(), ["", "", ""]);
}

fn a_repository_named_by_the_environment() {
    let sandbox = fleet();
    let apart = sandbox.root().with_file_name("apart.git");
    fs::rename(sandbox.path(".git"), &apart).unwrap();
    let mut add = larder(
        &sandbox,
        &["add-host", "bagan", "--system", "x86_64-linux", "--yes"],
    );
    add.env("GIT_DIR", &apart)
        .env("GIT_WORK_TREE", sandbox.root());
    let output = add.output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    fs::rename(&apart, sandbox.path(".git")).unwrap();
    assert_eq!(
        sandbox.git(&["log", "--format=%s", "-1"]),
        "larder: add host bagan\n"
    );
    assert_eq!(sandbox.view(), ["", "", ""]);
}

fn without_the_git_program() {
    let sandbox = fleet();
    let mut add = larder(
        &sandbox,
        &["add-host", "bagan", "--system", "x86_64-linux", "--yes"],
    );
    let output = add.env("PATH", "/nonexistent").output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(sandbox.view(), ["", "", ""]);
}

fn hooks_without_the_git_program() {
    let sandbox = fleet();
    sandbox.write(".git/hooks/pre-commit", "#!/bin/sh\n");
    sandbox.chmod(".git/hooks/pre-commit", 0o755);
    let before = sandbox.snapshot();
    let args = ["add-host", "bagan", "--system", "x86_64-linux", "--yes"];
    let output = larder(&sandbox, &args)
        .env("PATH", "/nonexistent")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(
        said.contains("this repository has the hook `pre-commit`, and `git` is not installed here"),
        "{said}"
    );
    assert!(
        said.contains("install git, or pass `--no-commit`"),
        "{said}"
    );
    super::sandbox::assert_same(&before, &sandbox.snapshot());
    let mut add = larder(&sandbox, &[&args[..], &["--no-commit"]].concat());
    assert!(
        add.env("PATH", "/nonexistent")
            .output()
            .unwrap()
            .status
            .success()
    );
}
