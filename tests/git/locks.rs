//! Others at work in the same repository: git, other larders, what signs.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use larder::internals::io::preflight::Finish::Commit;
use larder::internals::io::workspace::Workspace;

use super::sandbox::{Planned, Sandbox, words};

trials![
    eight_at_once,
    a_busy_larder_is_waited_for_and_named,
    gits_index_lock,
    gits_branch_lock,
    signed_with_ssh,
    signed_with_openpgp,
    a_signature_that_fails,
    ; needs root:
    a_full_disk,
];

fn eight_at_once() {
    let sandbox = Sandbox::new();
    sandbox.write("list.nix", "[\n");
    sandbox.commit_all("a list");
    thread::scope(|scope| {
        for i in 0..8 {
            let sandbox = &sandbox;
            scope.spawn(move || add_line(sandbox, i));
        }
    });
    let log = sandbox.git(&["log", "--format=%p", "main"]);
    assert_eq!(log.lines().count(), 10);
    assert!(
        log.lines()
            .rev()
            .skip(1)
            .all(|parents| parents.split(' ').count() == 1),
        "linear"
    );
    assert_eq!(
        sandbox.read("list.nix").lines().count(),
        9,
        "no update is lost"
    );
    assert_eq!(sandbox.view(), ["", "", ""]);
    sandbox.assert_sound();
}

fn add_line(sandbox: &Sandbox, i: usize) {
    let ws = Workspace::open(sandbox.root()).unwrap();
    let lock = ws.lock(Duration::from_mins(1)).unwrap();
    assert_eq!(ws.recover(&lock).unwrap(), None);
    let plan = Planned::new(&format!("host {i}"))
        .append(sandbox, "list.nix", &format!("  host-{i}\n"))
        .create(&format!("hosts/{i}.nix"), "{ }\n")
        .0;
    ws.apply(&lock, &plan, Commit, &[]).unwrap();
}

fn a_busy_larder_is_waited_for_and_named() {
    let sandbox = Sandbox::new();
    let ws = sandbox.workspace();
    let lock = ws.lock(Duration::ZERO).unwrap();
    let stop = sandbox
        .workspace()
        .lock(Duration::from_millis(50))
        .unwrap_err();
    let words = words(&stop);
    let message = "[busy] another `larder` has been writing to this repository for ";
    assert!(words.starts_with(message), "{words}");
    let help = " s\nhelp: wait for it, or pass `--lock-timeout SECONDS`";
    assert!(words.ends_with(help), "{words}");
    drop(lock);
    sandbox.workspace().lock(Duration::ZERO).unwrap();
}

fn gits_index_lock() {
    let sandbox = Sandbox::new();
    sandbox.write(".git/index.lock", "");
    let words = sandbox.refused(&sandbox.plan(), Commit);
    assert_eq!(words, locked_by(&sandbox.path(".git/index.lock")));
}

fn gits_branch_lock() {
    let sandbox = Sandbox::new();
    sandbox.write(".git/refs/heads/main.lock", "");
    let words = sandbox.refused(&sandbox.plan(), Commit);
    assert_eq!(words, locked_by(&sandbox.path(".git/refs/heads/main.lock")));
}

fn locked_by(lock: &Path) -> String {
    let lock = lock.display();
    format!(
        "[git-locked] another git process is at work: `{lock}` exists\n\
         help: wait for it; if no git runs, `rm {lock}`"
    )
}

fn run(program: &str, args: &[&str], home: &str) {
    let output = std::process::Command::new(program)
        .args(args)
        .env("GNUPGHOME", home)
        .output();
    let output = output.unwrap_or_else(|e| panic!("this test needs {program}: {e}"));
    assert!(output.status.success(), "{program}: {output:?}");
}

fn signed_with_ssh() {
    let sandbox = Sandbox::new();
    let key = sandbox
        .root()
        .with_file_name("signer")
        .display()
        .to_string();
    run(
        "ssh-keygen",
        &["-q", "-t", "ed25519", "-N", "", "-f", &key],
        "",
    );
    let public = fs::read_to_string(format!("{key}.pub")).unwrap();
    let signers = sandbox.root().with_file_name("signers");
    fs::write(&signers, format!("ada@example.org {public}")).unwrap();
    sandbox.git(&["config", "gpg.format", "ssh"]);
    sandbox.git(&["config", "user.signingKey", &key]);
    sandbox.git(&["config", "commit.gpgSign", "true"]);
    sandbox.git(&[
        "config",
        "gpg.ssh.allowedSignersFile",
        &signers.display().to_string(),
    ]);
    sandbox.commit(&sandbox.plan());
    sandbox.git(&["verify-commit", "HEAD"]);
    sandbox.assert_sound();
}

fn signed_with_openpgp() {
    let sandbox = Sandbox::new();
    let home = tempfile::tempdir().unwrap();
    let home = home.path().display().to_string();
    let made = [
        "--batch",
        "--quiet",
        "--passphrase",
        "",
        "--quick-gen-key",
        "ada@example.org",
        "ed25519",
    ];
    run("gpg", &made, &home);
    let script = sandbox.root().with_file_name("gpg");
    fs::write(
        &script,
        format!("#!/bin/sh\nGNUPGHOME={home} exec gpg \"$@\"\n"),
    )
    .unwrap();
    fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    sandbox.git(&["config", "gpg.program", &script.display().to_string()]);
    sandbox.git(&["config", "user.signingKey", "ada@example.org"]);
    sandbox.git(&["config", "commit.gpgSign", "true"]);
    sandbox.commit(&sandbox.plan());
    sandbox.git(&["verify-commit", "HEAD"]);
    sandbox.assert_sound();
    run("gpgconf", &["--kill", "all"], &home);
}

fn a_signature_that_fails() {
    let sandbox = Sandbox::new();
    sandbox.git(&["config", "gpg.format", "ssh"]);
    sandbox.git(&["config", "user.signingKey", "/nowhere/key"]);
    sandbox.git(&["config", "commit.gpgSign", "true"]);
    let words = sandbox.refused(&sandbox.plan(), Commit);
    let message = "[signing] the commit cannot be signed: ";
    assert!(words.starts_with(message), "{words}");
    let why = "Couldn\\'t load public key /nowhere/key: No such file or directory";
    assert!(words.contains(why), "{words}");
    let help = "\nhelp: pass `--no-commit`, and commit yourself";
    assert!(words.ends_with(help), "{words}");
}

/// A repository on a disk of 64 kB: every size of plan either fits or leaves
/// everything as it was.
fn a_full_disk() {
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path().display().to_string();
    let mount = ["-t", "tmpfs", "-o", "size=256k", "tmpfs", &at];
    let mounted = std::process::Command::new("mount")
        .args(mount)
        .status()
        .unwrap();
    assert!(mounted.success(), "this test mounts a tmpfs: it needs root");
    let outcome = std::panic::catch_unwind(|| fill(&at));
    // Lazily: a program that another test is about to start may still hold a file.
    let unmounted = std::process::Command::new("umount")
        .args(["--lazy", &at])
        .status()
        .unwrap();
    assert!(unmounted.success());
    outcome.unwrap();
}

fn fill(at: &str) {
    let sandbox = Sandbox::in_folder(Path::new(at));
    fs::remove_dir_all(sandbox.path(".git/hooks")).unwrap();
    sandbox.first_commit();
    let mut full = 0;
    for size in (0..60).map(|i| i * 4096) {
        let text = format!("{{ }}\n# {}\n", "x".repeat(size));
        let Planned(mut plan) = Planned::new("too much").create("larder/big.nix", &text);
        plan.changes.extend(sandbox.plan().changes);
        let before = sandbox.snapshot();
        match sandbox.apply(&plan, Commit) {
            Ok(_) => {
                sandbox.assert_sound();
                sandbox.git(&["reset", "-q", "--hard", "HEAD~"]);
                sandbox.git(&["reflog", "expire", "--expire=now", "--all"]);
                sandbox.git(&["prune", "--expire=now"]);
            }
            Err(stop) => {
                full += 1;
                assert!(is_full(&words(&stop)), "{}", words(&stop));
                let mut after = sandbox.snapshot();
                // Objects that no branch knows yet are git's to prune.
                after.retain(|path, _| {
                    before.contains_key(path) || !path.starts_with(".git/objects/")
                });
                super::sandbox::assert_same(&before, &after);
            }
        }
    }
    assert!(full > 0, "the disk was never full");
}

/// What the disk and git each say of it.
fn is_full(words: &str) -> bool {
    let why = "No space left on device";
    let disk = words.starts_with("[disk] cannot write `") && words.ends_with(&format!("`: {why}"));
    let git = words.starts_with("[git] an object cannot be written: ") && words.contains(why);
    disk || git
}
