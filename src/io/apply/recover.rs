//! Recovery of an interrupted change: rolled back, or finished.
//!
//! A change that is committed (`commit_state`) is finished, any other is rolled back. A
//! file that is neither as before nor as after the change has been edited by somebody
//! else: then nothing is touched, and the error names the file.

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::apply::journal::{self, CommitMethod, Journal};
use crate::io::apply::on_disk::{self, OnDisk};
use crate::io::apply::{commit_state, files, index_file, locks, reflog, secret};
use crate::io::lock::{self, Lock};
use crate::io::workspace::{Git, Workspace};

/// How an interrupted change ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recovered {
    RolledBack,
    Finished,
}

/// What to do with files that are neither as before nor as after the change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ForeignEdits {
    /// Stop: somebody else has edited them.
    Refuse,
    /// Copy them to larder's folder and restore the old files: a hook has edited them.
    SetAside,
}

/// An interrupted change, which the next command that writes will recover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery(String);

impl Recovery {
    /// The error of a command that only reads: exit code 2.
    pub fn stop(&self) -> Stop {
        let help = "run `larder sync` to clean up";
        Stop::fault(Diagnostic::error("interrupted", self.0.clone()).help(help))
    }
}

impl Workspace {
    /// The interrupted change in this repository, if any. A change that another process is
    /// making at this moment does not count.
    pub fn pending_recovery(&self) -> Option<Recovery> {
        let git = self.git().ok()?;
        if lock::is_held(&git.larder_dir()) {
            return None;
        }
        self.pending_journal()
    }

    /// The change whose journal exists, whether another process is at work or not.
    pub(super) fn pending_journal(&self) -> Option<Recovery> {
        let git = self.git().ok()?;
        if !journal::dir(git).exists() {
            return None;
        }
        let message = "an earlier `larder` command was interrupted, and its change is incomplete";
        Some(Recovery(message.to_owned()))
    }

    /// Recovers an interrupted change: finishes it if it is committed, else rolls it back.
    /// Returns a note for the user; `None` if there is no such change.
    ///
    /// # Errors
    /// When a file of the change has been edited since, or the disk fails.
    pub fn recover(&self, _lock: &Lock) -> Result<Option<String>, Stop> {
        let git = self.git()?;
        Journal::sweep(git)?;
        let Some(journal) = Journal::open(git)? else {
            return Ok(None);
        };
        let end = match recover(self, journal, ForeignEdits::Refuse)? {
            Recovered::RolledBack => "rolled back",
            Recovered::Finished => "finished",
        };
        Ok(Some(format!(
            "an earlier `larder` command was interrupted: its change is {end}"
        )))
    }
}

/// Finishes a change that is committed; rolls back any other.
pub(super) fn recover(
    ws: &Workspace,
    journal: Journal,
    edits: ForeignEdits,
) -> Result<Recovered, Stop> {
    if commit_state::is_committed(ws.git()?, &journal)? {
        finish(ws, journal)?;
        return Ok(Recovered::Finished);
    }
    roll_back(ws, journal, edits)?;
    Ok(Recovered::RolledBack)
}

/// Finishes a committed change: publishes the index, writes the reflog, releases git's
/// locks, removes the journal.
pub(super) fn finish(ws: &Workspace, journal: Journal) -> Result<(), Stop> {
    let git = ws.git()?;
    if !matches!(journal.record.method, CommitMethod::GitCommit { .. }) {
        index_file::publish(git, &journal)?;
    }
    if let CommitMethod::MoveBranch {
        branch,
        base,
        commit,
        reflog,
    } = &journal.record.method
    {
        // Under git's locks, so that the reflog has the moves in their order.
        let base = journal.optional_id(base.as_deref())?;
        reflog::append(git, branch.as_deref(), base, journal.id(commit)?, reflog)?;
    }
    locks::release(git, &journal)?;
    journal.close(git)
}

fn roll_back(ws: &Workspace, journal: Journal, edits: ForeignEdits) -> Result<(), Stop> {
    let (git, root) = (ws.git()?, ws.root());
    let found = on_disk::compare_all(root, &journal)?;
    let is_foreign = |(i, state): &(usize, OnDisk)| (*state == OnDisk::Foreign).then_some(*i);
    let foreign: Vec<usize> = found.iter().filter_map(is_foreign).collect();
    if !foreign.is_empty() {
        match edits {
            ForeignEdits::SetAside => {
                let aside = git.larder_dir().join("kept");
                files::set_aside(root, &journal, &foreign, &aside)?;
            }
            ForeignEdits::Refuse => {
                // Without our locks, the user can repair the files with git.
                locks::release(git, &journal)?;
                return Err(edited(git, &journal, &foreign)?);
            }
        }
    }
    let found = commit_state::without_committed(git, &journal, found)?;
    secret::remove(root, &journal)?;
    files::restore(root, &journal, &found)?;
    index_file::restore(git, &journal)?;
    locks::release(git, &journal)?;
    journal.close(git)?;
    Journal::sweep(git)
}

fn edited(git: &Git, journal: &Journal, foreign: &[usize]) -> Result<Stop, Stop> {
    let folder = journal.file("");
    let one = |&i: &usize| {
        let path = &journal.record.files[i].path;
        let message =
            format!("`{path}` has been edited since an earlier `larder` command was interrupted");
        let file = git.root().join(path);
        let restore = match journal.old_copy(i)? {
            Some(old) => format!("cp {} {}", old.display(), file.display()),
            None => format!("rm {}", file.display()),
        };
        Ok(Diagnostic::error("edited-since", message)
            .about(path.as_str())
            .help(format!(
                "to roll back: `{restore}`, and run the command again"
            ))
            .help(format!(
                "to keep everything as it is now: `rm -r {}`",
                folder.display()
            )))
    };
    let each: Result<_, Stop> = foreign.iter().map(one).collect();
    each.map(Stop::Refused)
}
