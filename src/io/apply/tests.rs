//! Killed at every step: the next writing command leaves all of it or nothing.
//!
//! A kill is played by taking some of the steps and forgetting the rest; what
//! is on the disk then is what a dead process leaves.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests look at a real disk through a real git"
)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use crate::diagnostic::Stop;
use crate::io::apply::run::{Order, Run, Step};
use crate::io::apply::{prepare, settle};
use crate::io::preflight::Finish;
use crate::io::workspace::Workspace;
use crate::key::PrivateKey;
use crate::plan::{Change, PlacedSecret, Plan, SecretKey, SecretPath};
use crate::repo::RepoPath;

/// The three ways a change can become final.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    Commit,
    NoCommit,
    WithHook,
}

const EVERY: [How; 3] = [How::Commit, How::NoCommit, How::WithHook];

impl How {
    fn finish(self) -> Finish {
        match self {
            Self::NoCommit => Finish::NoCommit,
            Self::Commit | Self::WithHook => Finish::Commit,
        }
    }
}

struct Fleet {
    dir: TempDir,
    root: PathBuf,
}

impl Fleet {
    fn new(how: How) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap().join("fleet");
        fs::create_dir_all(root.join("hosts")).unwrap();
        let fleet = Self { dir, root };
        fleet.git(&["init", "-q", "-b", "main"]);
        for (key, value) in [
            ("user.name", "Ada"),
            ("user.email", "ada@example.org"),
            ("commit.gpgSign", "false"),
            ("core.hooksPath", ".git/hooks"),
            ("core.excludesFile", "/dev/null"),
            ("diff.renames", "false"),
            ("status.renames", "false"),
        ] {
            fleet.git(&["config", key, value]);
        }
        fleet.write("flake.nix", "{ nixosConfigurations = { }; }\n");
        fleet.write("hosts/pai.nix", "{ }\n");
        fleet.write("hosts/old.nix", "{ x = 1; }\n");
        fleet.write("note", "one\n");
        fleet.git(&["add", "-A"]);
        fleet.git(&["commit", "-q", "-m", "first"]);
        fleet.write("note", "staged\n");
        fleet.git(&["add", "note"]);
        fleet.write("note", "edited\n");
        if how == How::WithHook {
            fleet.write(".git/hooks/pre-commit", "#!/bin/sh\n");
            let mode = fs::Permissions::from_mode(0o755);
            fs::set_permissions(fleet.root.join(".git/hooks/pre-commit"), mode).unwrap();
        }
        fleet
    }

    fn git(&self, args: &[&str]) -> String {
        let output = Command::new("git")
            .current_dir(&self.root)
            .args(args)
            .output()
            .unwrap();
        assert!(output.status.success(), "git {args:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.root.join(path), text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    fn workspace(&self) -> Workspace {
        Workspace::open(&self.root).unwrap()
    }

    fn outside(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap().join("keys/pai")
    }

    /// A module edited, one made, one deleted, an ignore rule, two keys.
    fn plan(&self) -> Plan {
        let path = |text| RepoPath::new(text).unwrap();
        let edit = Change::Edit {
            before: "{ }\n".into(),
            after: "{ imports = [ ../larder/hosts/pai.nix ]; }\n".into(),
        };
        let create = |text: &str| Change::Create { after: text.into() };
        let secret = |path| PlacedSecret {
            path,
            key: SecretKey::Ssh(Arc::new(PrivateKey::from_seed(&[7; 32], "pai"))),
        };
        Plan {
            along: Vec::new(),
            message: "wire pai".into(),
            changes: vec![
                (path(".gitignore"), create("/secrets/\n")),
                (
                    path("hosts/old.nix"),
                    Change::Delete {
                        before: "{ x = 1; }\n".into(),
                    },
                ),
                (path("hosts/pai.nix"), edit),
                (path("larder/hosts/pai.nix"), create("{ }\n")),
            ],
            secrets: vec![
                secret(SecretPath::Ignored(path("secrets/pai"))),
                secret(SecretPath::Outside(self.outside())),
            ],
            notes: Vec::new(),
        }
    }

    /// Takes `steps` steps of the plan and is gone.
    fn killed_after(&self, how: How, steps: usize) -> Option<Step> {
        let ws = self.workspace();
        let plan = self.plan();
        let lock = ws.lock(Duration::from_secs(10)).unwrap();
        let run = begin(&ws, &plan, how);
        let steps = &run.steps().unwrap()[..steps];
        for &step in steps {
            run.take(step).unwrap();
        }
        drop(lock);
        steps.last().copied()
    }

    fn recover(&self) -> Result<Option<String>, Stop> {
        let ws = self.workspace();
        let lock = ws.lock(Duration::from_secs(10))?;
        ws.recover(&lock)
    }

    /// Every file outside git's folder, and how git sees them.
    fn state(&self) -> (BTreeMap<PathBuf, String>, [String; 4]) {
        let mut files = BTreeMap::new();
        collect(self.root.parent().unwrap(), &mut files);
        (
            files,
            [
                self.git(&["status", "--porcelain=v2"]),
                self.git(&["diff"]),
                self.git(&["diff", "--cached"]),
                self.git(&["log", "--format=%s", "main"]),
            ],
        )
    }

    fn assert_sound(&self) {
        self.git(&["fsck", "--strict"]);
        let mut files = BTreeMap::new();
        collect(&self.root.join(".git"), &mut files);
        let lock = |path: &&PathBuf| path.extension().is_some_and(|it| it == "lock");
        assert_eq!(files.keys().find(lock), None);
        let ours = fs::read_dir(self.root.join(".git/larder")).unwrap();
        let names: Vec<_> = ours.map(|it| it.unwrap().file_name()).collect();
        assert_eq!(names, ["lock"]);
    }
}

fn begin<'a>(ws: &'a Workspace, plan: &'a Plan, how: How) -> Run<'a> {
    let order = Order {
        plan,
        finish: how.finish(),
        allow_dirty: &[],
    };
    prepare::run(ws, ws.git().unwrap(), order).unwrap().unwrap()
}

fn collect(dir: &Path, files: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().is_some_and(|name| name == ".git") {
            continue;
        }
        if path.is_dir() {
            files.insert(path.clone(), String::new());
            collect(&path, files);
        } else {
            let bytes = fs::read(&path).unwrap();
            files.insert(path, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
}

fn after(how: How) -> (BTreeMap<PathBuf, String>, [String; 4]) {
    let fleet = Fleet::new(how);
    let ws = fleet.workspace();
    let plan = fleet.plan();
    begin(&ws, &plan, how).finish_it().unwrap();
    relative(&fleet, fleet.state())
}

type State = (BTreeMap<PathBuf, String>, [String; 4]);

fn relative(fleet: &Fleet, (files, git): State) -> State {
    let top = fleet.root.parent().unwrap();
    let inside = |path: PathBuf| path.strip_prefix(top).unwrap().to_owned();
    (
        files
            .into_iter()
            .map(|(path, text)| (inside(path), text))
            .collect(),
        git,
    )
}

#[test]
fn killed_between_any_two_steps() {
    for how in EVERY {
        let wanted = after(how);
        for steps in 0..=7 {
            let fleet = Fleet::new(how);
            let before = fleet.state();
            let last = fleet.killed_after(how, steps);
            assert!(
                fleet.workspace().pending_recovery().is_some(),
                "{how:?} {last:?}"
            );
            let said = fleet.recover().unwrap().unwrap();
            if steps == 7 {
                assert!(said.ends_with("finished"), "{how:?} {last:?}: {said}");
                assert_eq!(relative(&fleet, fleet.state()), wanted, "{how:?} {last:?}");
            } else {
                assert!(said.ends_with("taken back"), "{how:?} {last:?}: {said}");
                assert_eq!(fleet.state(), before, "{how:?} {last:?}");
            }
            assert_eq!(fleet.recover().unwrap(), None, "once is enough");
            fleet.assert_sound();
        }
    }
}

#[test]
fn the_old_file_itself_comes_back() {
    let fleet = Fleet::new(How::Commit);
    let about = |path| fs::metadata(fleet.root.join(path)).unwrap();
    let times = || {
        ["hosts/pai.nix", "hosts/old.nix"]
            .map(|path| (about(path).ino(), about(path).modified().unwrap()))
    };
    let before = times();
    fleet.killed_after(How::Commit, 6);
    fleet.recover().unwrap();
    assert_eq!(times(), before);
}

#[test]
fn the_old_bytes_come_back_where_the_disk_knows_no_links() {
    let fleet = Fleet::new(How::Commit);
    let before = fleet.state();
    fleet.killed_after(How::Commit, 6);
    for kept in ["kept.1", "kept.2"] {
        fs::remove_file(fleet.root.join(".git/larder/journal").join(kept)).unwrap();
    }
    fleet.recover().unwrap();
    assert_eq!(fleet.state(), before);
    fleet.assert_sound();
}

#[test]
fn killed_while_it_is_being_finished() {
    let wanted = after(How::Commit);
    for done in 0..=2 {
        let fleet = Fleet::new(How::Commit);
        let (ws, plan) = (fleet.workspace(), fleet.plan());
        let run = begin(&ws, &plan, How::Commit);
        run.steps()
            .unwrap()
            .iter()
            .for_each(|&step| run.take(step).unwrap());
        let git = ws.git().unwrap();
        if done > 0 {
            settle::publish_index(git, &run.journal).unwrap();
        }
        if done > 1 {
            settle::release(git, &run.journal).unwrap();
        }
        drop(run);
        assert!(fleet.recover().unwrap().unwrap().ends_with("finished"));
        assert_eq!(relative(&fleet, fleet.state()), wanted, "{done}");
        fleet.assert_sound();
        let log = fleet.git(&["reflog", "--format=%gs"]);
        assert_eq!(log, "commit: wire pai\ncommit (initial): first\n");
    }
}

#[test]
fn killed_in_the_middle_of_a_step() {
    let fleet = Fleet::new(How::Commit);
    let before = fleet.state();
    // Two of four files staged.
    fleet.killed_after(How::Commit, 2);
    fs::remove_file(fleet.root.join("hosts/.pai.nix.2.larder-tmp")).unwrap();
    fs::remove_file(fleet.root.join(".pai.nix.3.larder-tmp")).unwrap();
    fleet.recover().unwrap();
    assert_eq!(fleet.state(), before);
    // Half of the files swapped.
    fleet.killed_after(How::Commit, 3);
    fleet.write("hosts/pai.nix", "{ }\n");
    fs::remove_file(fleet.root.join("larder/hosts/pai.nix")).unwrap();
    fleet.recover().unwrap();
    assert_eq!(fleet.state(), before);
    // One key of two, cut short.
    fleet.killed_after(How::Commit, 4);
    fs::remove_file(fleet.outside()).unwrap();
    let key = fs::OpenOptions::new()
        .write(true)
        .open(fleet.root.join("secrets/pai"));
    key.unwrap().set_len(100).unwrap();
    fleet.recover().unwrap();
    assert_eq!(fleet.state(), before);
    fleet.assert_sound();
}

#[test]
fn a_key_that_is_not_ours_stays() {
    let fleet = Fleet::new(How::Commit);
    fleet.killed_after(How::Commit, 4);
    fs::write(fleet.outside(), "somebody's own key\n").unwrap();
    fleet.recover().unwrap();
    assert_eq!(
        fs::read_to_string(fleet.outside()).unwrap(),
        "somebody's own key\n"
    );
    assert!(!fleet.root.join("secrets").exists());
}

#[test]
fn a_file_edited_since_stops_everything() {
    let fleet = Fleet::new(How::Commit);
    fleet.killed_after(How::Commit, 5);
    fleet.write("hosts/pai.nix", "{ } # edited since\n");
    let state = fleet.state();
    let Err(Stop::Refused(said)) = fleet.recover() else {
        panic!("it must be refused");
    };
    let root = fleet.root.display();
    assert_eq!(
        said[0].message,
        "`hosts/pai.nix` has been edited since an earlier `larder` command was interrupted"
    );
    assert_eq!(
        said[0].help,
        [
            format!(
                "to go back: `cp {root}/.git/larder/journal/old.2 {root}/hosts/pai.nix`, \
                 and run the command again"
            ),
            format!("to keep everything as it is now: `rm -r {root}/.git/larder/journal/`"),
        ]
    );
    assert_eq!(fleet.state(), state, "nothing is touched");
    assert!(
        !fleet.root.join(".git/index.lock").exists(),
        "git works again"
    );
    fleet.write("hosts/pai.nix", "{ }\n");
    fleet.recover().unwrap();
    fleet.assert_sound();
}

#[test]
fn work_done_after_a_final_change_is_kept() {
    let fleet = Fleet::new(How::Commit);
    fleet.killed_after(How::Commit, 7);
    for lock in ["index.lock", "HEAD.lock", "refs/heads/main.lock"] {
        fs::remove_file(fleet.root.join(".git").join(lock)).unwrap();
    }
    fleet.write("hosts/pai.nix", "{ mine = true; }\n");
    fleet.git(&["add", "hosts/pai.nix"]);
    fleet.git(&["commit", "-q", "-m", "on top", "hosts/pai.nix"]);
    assert!(fleet.recover().unwrap().unwrap().ends_with("finished"));
    assert_eq!(fleet.read("hosts/pai.nix"), "{ mine = true; }\n");
    assert_eq!(
        fleet.git(&["log", "--format=%s"]),
        "on top\nwire pai\nfirst\n"
    );
    assert_eq!(fleet.git(&["status", "--porcelain"]), "MM note\n");
    fleet.assert_sound();
}

#[test]
fn a_half_made_change_that_somebody_committed_is_theirs() {
    let fleet = Fleet::new(How::Commit);
    fleet.killed_after(How::Commit, 3);
    for lock in ["index.lock", "HEAD.lock", "refs/heads/main.lock"] {
        fs::remove_file(fleet.root.join(".git").join(lock)).unwrap();
    }
    fleet.git(&["commit", "-q", "-m", "mine", "hosts/pai.nix"]);
    assert!(fleet.recover().unwrap().unwrap().ends_with("taken back"));
    assert!(
        fleet.read("hosts/pai.nix").contains("imports"),
        "it is committed"
    );
    assert_eq!(fleet.git(&["status", "--porcelain"]), "MM note\n");
    fleet.assert_sound();
}

#[test]
fn gits_own_stale_lock_is_left_to_the_user() {
    let fleet = Fleet::new(How::WithHook);
    fleet.killed_after(How::WithHook, 6);
    fleet.write(".git/index.lock", "");
    let Err(Stop::Fault(said)) = fleet.recover() else {
        panic!("it must fail");
    };
    assert!(
        said.message.starts_with("another git process is at work"),
        "{said:?}"
    );
    fs::remove_file(fleet.root.join(".git/index.lock")).unwrap();
    fleet.recover().unwrap();
    fleet.assert_sound();
}

#[test]
fn rubbish_before_and_after_a_change_is_swept() {
    let fleet = Fleet::new(How::Commit);
    let before = fleet.state();
    for rubbish in ["journal.new", "journal.past", "objects"] {
        let dir = fleet.root.join(".git/larder").join(rubbish);
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join("journal.json"), "{").unwrap();
    }
    assert!(fleet.workspace().pending_recovery().is_none());
    assert_eq!(fleet.recover().unwrap(), None);
    assert_eq!(fleet.state(), before);
    fleet.assert_sound();
}

#[test]
fn a_journal_of_a_later_version_is_left_alone() {
    let fleet = Fleet::new(How::Commit);
    fleet.killed_after(How::Commit, 3);
    let path = ".git/larder/journal/journal.json";
    fleet.write(
        path,
        &fleet.read(path).replace("\"version\": 1", "\"version\": 2"),
    );
    let state = fleet.state();
    let Err(Stop::Fault(said)) = fleet.recover() else {
        panic!("it must fail");
    };
    assert!(
        said.message.ends_with("version 2 of it is unknown"),
        "{}",
        said.message
    );
    assert_eq!(fleet.state(), state);
}

#[test]
fn a_change_in_progress_is_no_interrupted_one() {
    let fleet = Fleet::new(How::Commit);
    fleet.killed_after(How::Commit, 3);
    let ws = fleet.workspace();
    let lock = ws.lock(Duration::ZERO).unwrap();
    assert!(fleet.workspace().pending_recovery().is_none());
    drop(lock);
    assert!(fleet.workspace().pending_recovery().is_some());
}
