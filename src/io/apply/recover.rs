//! What an interrupted change left, taken back or finished.
//!
//! The branch decides, or the mark in the journal where there is no commit: if
//! the change was final it is finished, else it is taken back. A file that is
//! neither as it was nor as it should be is somebody's work: nothing is touched
//! then, and the user is told.

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::apply::files::Found;
use crate::io::apply::journal::Journal;
use crate::io::apply::story::Way;
use crate::io::apply::{files, journal, refs, secret, settle, verdict};
use crate::io::lock::{self, Lock};
use crate::io::workspace::{Git, Workspace};

/// How a change ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Before,
    After,
}

/// What to do with files that are neither as before nor as after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Foreign {
    /// Somebody's work: stop.
    Refuse,
    /// A hook's work: put it aside, and restore the file.
    KeepAside,
}

/// An interrupted change that a writing command would clean up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery(String);

impl Recovery {
    /// What a command says that only reads: exit code 2.
    pub fn stop(&self) -> Stop {
        let help = "run `larder sync` to clean up";
        Stop::fault(Diagnostic::error("interrupted", self.0.clone()).help(help))
    }
}

impl Workspace {
    /// The interrupted change that waits in this repository, if any. One that
    /// another process is making at this moment is none.
    pub fn pending_recovery(&self) -> Option<Recovery> {
        let git = self.git().ok()?;
        if lock::is_held(&git.larder_dir()) {
            return None;
        }
        self.unfinished()
    }

    /// The journal that is there, whoever writes now.
    pub(super) fn unfinished(&self) -> Option<Recovery> {
        let git = self.git().ok()?;
        if !journal::dir(git).exists() {
            return None;
        }
        let message = "an earlier `larder` command was interrupted, and its change is half made";
        Some(Recovery(message.to_owned()))
    }

    /// Takes an interrupted change back, or finishes it if it was final; the
    /// answer is one line for the user, if there was one.
    ///
    /// # Errors
    /// When a file of it has been edited since, or the disk fails.
    pub fn recover(&self, _lock: &Lock) -> Result<Option<String>, Stop> {
        let git = self.git()?;
        Journal::sweep(git)?;
        let Some(journal) = Journal::open(git)? else {
            return Ok(None);
        };
        let said = match resolve(self, journal, Foreign::Refuse)? {
            End::Before => "taken back",
            End::After => "finished",
        };
        Ok(Some(format!(
            "an earlier `larder` command was interrupted: its change is {said}"
        )))
    }
}

/// Brings an interrupted change to one of its two ends.
pub(super) fn resolve(ws: &Workspace, journal: Journal, foreign: Foreign) -> Result<End, Stop> {
    if verdict::is_final(ws.git()?, &journal)? {
        forward(ws, journal)?;
        return Ok(End::After);
    }
    back(ws, journal, foreign)?;
    Ok(End::Before)
}

/// Finishes a change that is final.
pub(super) fn forward(ws: &Workspace, journal: Journal) -> Result<(), Stop> {
    let git = ws.git()?;
    if !matches!(journal.story.way, Way::Git { .. }) {
        settle::publish_index(git, &journal)?;
    }
    if let Way::Commit {
        branch,
        base,
        commit,
        log,
    } = &journal.story.way
    {
        // Under git's locks still, so that the log tells of moves in their order.
        let base = base.as_deref().map(|hex| journal.id(hex)).transpose()?;
        refs::log(git, branch.as_deref(), base, journal.id(commit)?, log)?;
    }
    settle::release(git, &journal)?;
    journal.close(git)
}

fn back(ws: &Workspace, journal: Journal, foreign: Foreign) -> Result<(), Stop> {
    let git = ws.git()?;
    let found = files::found(ws.root(), &journal)?;
    let strange: Vec<usize> = found
        .iter()
        .filter(|(_, it)| *it == Found::Foreign)
        .map(|(i, _)| *i)
        .collect();
    if !strange.is_empty() {
        match foreign {
            Foreign::KeepAside => files::keep_aside(
                ws.root(),
                &journal,
                &strange,
                &git.larder_dir().join("kept"),
            )?,
            Foreign::Refuse => {
                // Git shall work again for whoever puts this right.
                settle::release(git, &journal)?;
                return Err(edited(git, &journal, &strange));
            }
        }
    }
    let found = verdict::without_committed(git, &journal, found)?;
    secret::unmake(ws.root(), &journal)?;
    files::restore(ws.root(), &journal, &found)?;
    settle::restore_index(git, &journal)?;
    settle::release(git, &journal)?;
    journal.close(git)?;
    Journal::sweep(git)
}

fn edited(git: &Git, journal: &Journal, strange: &[usize]) -> Stop {
    let folder = journal.file("");
    let one = |&i: &usize| {
        let path = &journal.story.files[i].path;
        let message =
            format!("`{path}` has been edited since an earlier `larder` command was interrupted");
        let (old, at) = (journal.file(&format!("old.{i}")), git.root().join(path));
        let restore = if old.exists() {
            format!("cp {} {}", old.display(), at.display())
        } else {
            format!("rm {}", at.display())
        };
        Diagnostic::error("edited-since", message)
            .about(path.as_str())
            .help(format!(
                "to go back: `{restore}`, and run the command again"
            ))
            .help(format!(
                "to keep everything as it is now: `rm -r {}`",
                folder.display()
            ))
    };
    Stop::Refused(strange.iter().map(one).collect())
}
