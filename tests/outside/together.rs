//! Many at once: other larders, git, an editor.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::world::{Said, World};

trials![
    fifty_at_once_all_succeed,
    a_git_commit_that_holds_the_index_is_noticed,
    a_git_commit_in_its_editor_loses_nothing,
    a_running_rebase_is_noticed,
    git_and_larder_commit_in_turns,
];

/// Longer than anything here takes; only what never comes waits for it.
const PATIENCE: Duration = Duration::from_mins(2);

fn fifty_at_once_all_succeed() {
    let world = World::initialised();
    let names: Vec<String> = (1..=50).map(|i| format!("host{i:02}")).collect();
    let start = |name: &String| {
        let args = [
            "add-host",
            name,
            "--system",
            "x86_64-linux",
            "--yes",
            "--quiet",
            "--lock-timeout",
            "60",
        ];
        let mut command = world.start(&args);
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let running: Vec<Child> = names.iter().map(start).collect();
    for (name, child) in names.iter().zip(running) {
        let said = Said::of(&child.wait_with_output().unwrap());
        assert_eq!(said.code, Some(0), "{name}: {}", said.words);
    }
    let commits = world.git(&["log", "--format=%s", "main"]);
    assert_eq!(commits.lines().count(), names.len() + 2);
    assert_eq!(
        world.git(&["log", "--min-parents=2", "--format=%h"]),
        "",
        "linear"
    );
    let (inventory, flake) = (world.read("larder.toml"), world.read("flake.nix"));
    for name in &names {
        assert!(
            inventory.contains(&format!("[hosts.{name}]\n")),
            "{name} is lost"
        );
        assert!(flake.contains(name.as_str()), "{name} is not in the flake");
        let added = format!("--grep=add host {name}$");
        assert_eq!(
            world.git(&["log", "--format=%s", &added]).lines().count(),
            1,
            "{name}"
        );
    }
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    world.done(&["sync", "--check"]);
    world.assert_sound();
}

/// A `git` that waits in the middle of its work: it makes the file `waits`, and goes
/// on when that is gone.
struct Waiting<'a> {
    world: &'a World,
    git: Child,
}

impl<'a> Waiting<'a> {
    fn start(world: &'a World, variable: Option<&str>, args: &[&str]) -> Self {
        let mut git = world.program("git");
        if let Some(variable) = variable {
            git.env(variable, script(world.around()));
        }
        let git = git
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let waiting = Self { world, git };
        waiting.until(true);
        waiting
    }

    fn until(&self, there: bool) {
        let end = Instant::now() + PATIENCE;
        while self.world.around().join("waits").exists() != there {
            assert!(Instant::now() < end, "git does not come to its editor");
            sleep(Duration::from_millis(5));
        }
    }

    /// Lets git go on to its end.
    fn finish(self) -> Said {
        fs::remove_file(self.world.around().join("waits")).unwrap();
        Said::of(&self.git.wait_with_output().unwrap())
    }
}

/// A program that waits, and then writes a message where git wants one.
fn script(around: &Path) -> String {
    let waits = around.join("waits").display().to_string();
    format!(
        "sh -c 'touch {waits}; while [ -e {waits} ]; do sleep 0.01; done; echo theirs > \"$1\"' -"
    )
}

const ADD: [&str; 6] = [
    "add-host",
    "bagan",
    "--system",
    "x86_64-linux",
    "--yes",
    "--quiet",
];

fn a_git_commit_that_holds_the_index_is_noticed() {
    let world = World::initialised();
    world.write("hardware-pai.nix", "{ } # mine\n");
    let git = Waiting::start(
        &world,
        Some("GIT_EDITOR"),
        &["commit", "-q", "--only", "hardware-pai.nix"],
    );
    let lock = world.path(".git/index.lock").display().to_string();
    let message = format!("error[git-locked]: another git process is at work: `{lock}` exists");
    world.refused(&ADD, &[&message]);
    let said = git.finish();
    assert_eq!(said.code, Some(0), "{}", said.words);
    world.done(&ADD);
    let log = world.git(&["log", "-2", "--format=%s"]);
    assert_eq!(log, "larder: add host bagan\ntheirs\n");
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    world.assert_sound();
}

/// With an editor open, git holds no lock: larder's commit goes first, and git
/// notices. What was staged stays staged.
fn a_git_commit_in_its_editor_loses_nothing() {
    let world = World::initialised();
    world.write("hardware-pai.nix", "{ } # mine\n");
    world.git(&["add", "hardware-pai.nix"]);
    let git = Waiting::start(&world, Some("GIT_EDITOR"), &["commit", "-q"]);
    world.done(&ADD);
    let said = git.finish();
    assert_ne!(
        said.code,
        Some(0),
        "git commits on what is not there: {}",
        said.words
    );
    assert_eq!(
        world.git(&["status", "--porcelain"]),
        "M  hardware-pai.nix\n"
    );
    world.git(&["commit", "-q", "-m", "again"]);
    let log = world.git(&["log", "-2", "--format=%s"]);
    assert_eq!(log, "again\nlarder: add host bagan\n");
    world.assert_sound();
}

fn a_running_rebase_is_noticed() {
    let world = World::initialised();
    for i in 0..2 {
        world.write("hardware-pai.nix", format!("{{ }} # {i}\n"));
        world.commit(&format!("change {i}"));
    }
    let wait = script(world.around()).replace("echo theirs > \"$1\"", "true");
    let git = Waiting::start(&world, None, &["rebase", "-q", "-x", &wait, "HEAD~1"]);
    world.refused(
        &ADD,
        &[
            "error[in-progress]: a rebase is in progress in this repository",
            "help: finish it with `git rebase --continue`, or give it up with `git rebase --abort`",
        ],
    );
    let said = git.finish();
    assert_eq!(said.code, Some(0), "{}", said.words);
    world.done(&ADD);
    let log = world.git(&["log", "-3", "--format=%s"]);
    assert_eq!(log, "larder: add host bagan\nchange 1\nchange 0\n");
    world.assert_sound();
}

/// Both try again until they are through; nobody's commit is lost, and none holds
/// what is the other's.
fn git_and_larder_commit_in_turns() {
    let world = World::initialised();
    let rounds = 8;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for i in 0..rounds {
                world.write("hardware-pai.nix", format!("{{ }} # {i}\n"));
                let message = format!("theirs {i}");
                until_done(|| {
                    let args = ["commit", "-q", "-m", &message, "--", "hardware-pai.nix"];
                    Said::of(&world.program("git").args(args).output().unwrap())
                });
            }
        });
        scope.spawn(|| {
            for i in 0..rounds {
                let name = format!("host{i}");
                let args = [
                    "add-host",
                    &name,
                    "--system",
                    "x86_64-linux",
                    "--yes",
                    "--quiet",
                ];
                until_done(|| {
                    let said = world.larder(&args);
                    let known = ["git-locked", "branch-moved"];
                    let named = known
                        .iter()
                        .any(|code| said.words.contains(&format!("[{code}]")));
                    assert!(said.code == Some(0) || named, "{said:?}");
                    said
                });
            }
        });
    });
    for i in 0..rounds {
        let theirs = world.git(&[
            "log",
            "--format=",
            "--name-only",
            "--grep",
            &format!("^theirs {i}$"),
        ]);
        assert_eq!(theirs, "hardware-pai.nix\n");
        let ours = world.git(&[
            "log",
            "--format=",
            "--name-only",
            "--grep",
            &format!("add host host{i}$"),
        ]);
        assert_eq!(ours.lines().count(), 3, "{ours}");
        assert!(!ours.contains("hardware-pai.nix"), "{ours}");
    }
    assert_eq!(world.git(&["status", "--porcelain"]), "");
    world.assert_sound();
}

fn until_done(mut attempt: impl FnMut() -> Said) {
    let end = Instant::now() + PATIENCE;
    loop {
        let said = attempt();
        if said.code == Some(0) {
            return;
        }
        assert!(Instant::now() < end, "{}", said.words);
    }
}
