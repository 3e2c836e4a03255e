//! Recovery after a kill at every step: the change is done completely or not at all.
//!
//! A kill is simulated by executing some of the steps and dropping the transaction: the
//! disk is then as a killed process leaves it.
#![expect(
    clippy::disallowed_methods,
    reason = "these tests look at a real disk through a real git"
)]

mod fleet;

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

use crate::diagnostic::Stop;
use crate::io::apply::{index_file, locks};

use fleet::*;

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
            let note = fleet.recover().unwrap().unwrap();
            if steps == 7 {
                assert!(note.ends_with("finished"), "{how:?} {last:?}: {note}");
                assert_eq!(relative(&fleet, fleet.state()), wanted, "{how:?} {last:?}");
            } else {
                assert!(note.ends_with("rolled back"), "{how:?} {last:?}: {note}");
                assert_eq!(fleet.state(), before, "{how:?} {last:?}");
            }
            assert_eq!(fleet.recover().unwrap(), None, "once is enough");
            fleet.assert_sound();
        }
    }
}

#[test]
fn the_old_file_itself_comes_back() {
    let fleet = Fleet::new(CommitMode::Commit);
    let metadata = |path| fs::metadata(fleet.root.join(path)).unwrap();
    let times = || {
        ["hosts/pai.nix", "hosts/old.nix"]
            .map(|path| (metadata(path).ino(), metadata(path).modified().unwrap()))
    };
    let before = times();
    fleet.killed_after(CommitMode::Commit, 6);
    fleet.recover().unwrap();
    assert_eq!(times(), before);
}

#[test]
fn the_old_bytes_come_back_where_there_are_no_hard_links() {
    let fleet = Fleet::new(CommitMode::Commit);
    let before = fleet.state();
    fleet.killed_after(CommitMode::Commit, 6);
    for kept in ["kept.1", "kept.2"] {
        fs::remove_file(fleet.root.join(".git/larder/journal").join(kept)).unwrap();
    }
    fleet.recover().unwrap();
    assert_eq!(fleet.state(), before);
    fleet.assert_sound();
}

#[test]
fn killed_while_it_is_being_finished() {
    let wanted = after(CommitMode::Commit);
    for done in 0..=2 {
        let fleet = Fleet::new(CommitMode::Commit);
        let (ws, plan) = (fleet.workspace(), fleet.plan());
        let transaction = begin(&ws, &plan, CommitMode::Commit);
        let steps = transaction.steps().unwrap().iter();
        steps.for_each(|&step| transaction.execute(step).unwrap());
        let git = ws.git().unwrap();
        if done > 0 {
            index_file::publish(git, &transaction.journal).unwrap();
        }
        if done > 1 {
            locks::release(git, &transaction.journal).unwrap();
        }
        drop(transaction);
        assert!(fleet.recover().unwrap().unwrap().ends_with("finished"));
        assert_eq!(relative(&fleet, fleet.state()), wanted, "{done}");
        fleet.assert_sound();
        let log = fleet.git(&["reflog", "--format=%gs"]);
        assert_eq!(log, "commit: wire pai\ncommit (initial): first\n");
    }
}

#[test]
fn killed_in_the_middle_of_a_step() {
    let fleet = Fleet::new(CommitMode::Commit);
    let before = fleet.state();
    // Two of four files staged.
    fleet.killed_after(CommitMode::Commit, 2);
    fs::remove_file(fleet.root.join("hosts/.pai.nix.2.larder-tmp")).unwrap();
    fs::remove_file(fleet.root.join(".pai.nix.3.larder-tmp")).unwrap();
    fleet.recover().unwrap();
    assert_eq!(fleet.state(), before);
    // Half of the files swapped.
    fleet.killed_after(CommitMode::Commit, 3);
    fleet.write("hosts/pai.nix", "{ }\n");
    fs::remove_file(fleet.root.join("larder/hosts/pai.nix")).unwrap();
    fleet.recover().unwrap();
    assert_eq!(fleet.state(), before);
    // One key of two, cut short.
    fleet.killed_after(CommitMode::Commit, 4);
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
    let fleet = Fleet::new(CommitMode::Commit);
    fleet.killed_after(CommitMode::Commit, 4);
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
    let fleet = Fleet::new(CommitMode::Commit);
    fleet.killed_after(CommitMode::Commit, 5);
    fleet.write("hosts/pai.nix", "{ } # edited since\n");
    let state = fleet.state();
    let Err(Stop::Refused(diagnostics)) = fleet.recover() else {
        panic!("it must be refused");
    };
    let root = fleet.root.display();
    assert_eq!(
        diagnostics[0].message,
        "`hosts/pai.nix` has been edited since an earlier `larder` command was interrupted"
    );
    assert_eq!(
        diagnostics[0].help,
        [
            format!(
                "to roll back: `cp {root}/.git/larder/journal/old.2 {root}/hosts/pai.nix`, \
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
    let fleet = Fleet::new(CommitMode::Commit);
    fleet.killed_after(CommitMode::Commit, 7);
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
    let fleet = Fleet::new(CommitMode::Commit);
    fleet.killed_after(CommitMode::Commit, 3);
    for lock in ["index.lock", "HEAD.lock", "refs/heads/main.lock"] {
        fs::remove_file(fleet.root.join(".git").join(lock)).unwrap();
    }
    fleet.git(&["commit", "-q", "-m", "mine", "hosts/pai.nix"]);
    assert!(fleet.recover().unwrap().unwrap().ends_with("rolled back"));
    assert!(
        fleet.read("hosts/pai.nix").contains("imports"),
        "it is committed"
    );
    assert_eq!(fleet.git(&["status", "--porcelain"]), "MM note\n");
    fleet.assert_sound();
}

#[test]
fn gits_own_stale_lock_is_left_to_the_user() {
    let fleet = Fleet::new(CommitMode::WithHook);
    fleet.killed_after(CommitMode::WithHook, 6);
    fleet.write(".git/index.lock", "");
    let Err(Stop::Fault(diagnostic)) = fleet.recover() else {
        panic!("it must fail");
    };
    assert!(
        diagnostic
            .message
            .starts_with("another git process is at work"),
        "{diagnostic:?}"
    );
    fs::remove_file(fleet.root.join(".git/index.lock")).unwrap();
    fleet.recover().unwrap();
    fleet.assert_sound();
}

#[test]
fn leftovers_before_and_after_a_change_are_swept() {
    let fleet = Fleet::new(CommitMode::Commit);
    let before = fleet.state();
    for leftover in ["journal.new", "journal.past", "objects"] {
        let dir = fleet.root.join(".git/larder").join(leftover);
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
    let fleet = Fleet::new(CommitMode::Commit);
    fleet.killed_after(CommitMode::Commit, 3);
    let path = ".git/larder/journal/journal.json";
    fleet.write(
        path,
        &fleet.read(path).replace("\"version\": 2", "\"version\": 3"),
    );
    let state = fleet.state();
    let Err(Stop::Fault(diagnostic)) = fleet.recover() else {
        panic!("it must fail");
    };
    assert!(
        diagnostic.message.ends_with("version 3 is unknown"),
        "{diagnostic:?}"
    );
    assert_eq!(fleet.state(), state);
}

#[test]
fn a_journal_of_larder_0_1_is_understood() {
    let fleet = Fleet::new(CommitMode::Commit);
    let before = fleet.state();
    fleet.killed_after(CommitMode::Commit, 3);
    fleet.as_larder_0_1_had_it();
    fleet.recover().unwrap();
    assert_eq!(fleet.state(), before);
    fleet.assert_sound();
    fleet.killed_after(CommitMode::Commit, 3);
    fleet.as_larder_0_1_had_it();
    fleet.write("hosts/pai.nix", "{ } # edited since\n");
    fleet.recover().unwrap_err();
    let old = fleet.read(".git/larder/journal/old.2");
    assert_eq!(old, "{ }\n", "what `edited-since` says to copy");
}

#[test]
fn a_change_in_progress_is_no_interrupted_one() {
    let fleet = Fleet::new(CommitMode::Commit);
    fleet.killed_after(CommitMode::Commit, 3);
    let ws = fleet.workspace();
    let lock = ws.lock(Duration::ZERO).unwrap();
    assert!(fleet.workspace().pending_recovery().is_none());
    drop(lock);
    assert!(fleet.workspace().pending_recovery().is_some());
}
