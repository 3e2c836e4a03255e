//! All of a plan or nothing of it, whatever happens on the way.
//!
//! One change goes through fixed steps. Before the first, a journal says how to
//! take it back; after each, and after a crash at any moment, the journal and
//! the branch together tell whether the change is final:
//!
//! 1. the journal appears;
//! 2. git's locks are taken, and everything is looked at once more;
//! 3. the new files are written beside their places, then renamed into them;
//! 4. the private keys are made;
//! 5. the next index is written beside git's;
//! 6. the objects of the commit go into git's store, synced;
//! 7. **the branch moves: from here on the change is final**;
//! 8. the index is renamed into place, the locks are freed, the journal goes.
//!
//! Where the repository has hooks, or git keeps its references or index in a
//! form that only git can write, steps 5 to 8 are the user's own
//! `git commit --only`.
//!
//! Absent on purpose: `--no-verify`, `--amend`, pushing, `flake.lock`.

mod by_git;
mod draft;
mod files;
mod held;
mod index;
mod journal;
mod objects;
mod outline;
mod prepare;
mod racy;
mod recover;
mod refs;
mod run;
mod secret;
mod settle;
mod story;
#[cfg(test)]
mod tests;
mod verdict;

use crate::diagnostic::Stop;
use crate::io::apply::journal::Journal;
use crate::io::apply::run::Order;
use crate::io::apply::story::Way;
use crate::io::lock::Lock;
use crate::io::preflight::Finish;
use crate::io::signal;
use crate::io::workspace::{Head, Workspace};
use crate::plan::Plan;
use crate::repo::RepoPath;

/// What has been done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// The short name of the commit, if one was made.
    pub commit: Option<String>,
    /// The branch that it is on; `None` where HEAD is detached.
    pub branch: Option<String>,
}

impl Workspace {
    /// Applies `plan`: its files, its keys and, as `finish` says, its commit, or
    /// nothing. `allow_dirty` is as in [`Workspace::preflight`], which is asked
    /// once more.
    ///
    /// # Errors
    /// Every refusal of the preflight; a hook that rejects; a fault of the
    /// machine. After an error all is as before, or the error says that it is
    /// not, and the next writing command cleans up.
    pub fn apply(
        &self,
        _lock: &Lock,
        plan: &Plan,
        finish: Finish,
        allow_dirty: &[RepoPath],
    ) -> Result<Applied, Stop> {
        signal::watch();
        let git = self.git()?;
        if let Some(interrupted) = self.unfinished() {
            return Err(interrupted.stop());
        }
        Journal::sweep(git)?;
        let order = Order {
            plan,
            finish,
            allow_dirty,
        };
        let Some(run) = prepare::run(self, git, order)? else {
            return Ok(Applied::default());
        };
        match run.finish_it()? {
            Way::Files => Ok(Applied::default()),
            Way::Commit { .. } | Way::Git { .. } => Ok(Applied::at(git.head()?)),
        }
    }
}

impl Applied {
    fn at(head: Head) -> Self {
        let short = |name: String| name.trim_start_matches("refs/heads/").to_owned();
        Self {
            commit: head.commit.map(|id| id.to_hex_with_len(7).to_string()),
            branch: head.branch.map(short),
        }
    }
}
