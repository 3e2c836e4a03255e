//! Applies a plan in one transaction: all of it or nothing, also after a crash.
//!
//! A transaction has fixed steps. Before the first, a journal is written that says how to
//! roll back. After each step, and after a crash at any moment, the journal and the branch
//! together tell whether the change is committed:
//!
//! 1. write the journal;
//! 2. take git's locks, and run the preflight checks again;
//! 3. write the new files beside their paths, then rename them;
//! 4. create the private keys;
//! 5. write the next index into the journal;
//! 6. write the objects of the commit into git's store, and sync them;
//! 7. **move the branch: the commit point**;
//! 8. rename the index to its path, release the locks, remove the journal.
//!
//! An error before the commit point rolls the change back; a crash leaves that to the next
//! command that writes (`recover`).
//!
//! Where the repository has hooks, or git keeps its references or its index in a form that
//! only git can write, the user's own `git commit --only` takes the place of steps 5 to 8.
//!
//! Absent on purpose: `--no-verify`, `--amend`, pushing, `flake.lock`.

mod commit_state;
mod files;
mod folders;
mod git_commands;
mod index;
mod index_change;
mod index_file;
mod journal;
mod lock_file;
mod locks;
mod objects;
mod on_disk;
mod prepare;
mod prepared_commit;
mod racy;
mod recover;
mod reflog;
mod refs;
mod secret;
#[cfg(test)]
mod tests;
mod transaction;

use self::journal::{CommitMethod, Journal};
use self::transaction::ApplyRequest;
use crate::diagnostic::Stop;
use crate::io::lock::Lock;
use crate::io::preflight::Finish;
use crate::io::signal;
use crate::io::workspace::{Head, Workspace};
use crate::plan::Plan;
use crate::repo::RepoPath;

/// The result of applying a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Applied {
    /// The abbreviated id of the commit; `None` if there is no commit.
    pub commit: Option<String>,
    /// The branch of the commit; `None` where HEAD is detached.
    pub branch: Option<String>,
    /// What git and the repository's hooks printed; empty where no hook had to run.
    pub git_output: String,
}

impl Workspace {
    /// Applies all of `plan` or nothing: its files, its private keys and, as `finish` says,
    /// its commit. Runs the checks of [`Workspace::preflight`] again, with `allow_dirty`.
    ///
    /// # Errors
    /// Every refusal of the preflight, a hook that rejects the commit, or a fault of the
    /// machine. The change is rolled back then; if the rollback fails too, the error says
    /// so, and the next command that writes recovers.
    pub fn apply(
        &self,
        _lock: &Lock,
        plan: &Plan,
        finish: Finish,
        allow_dirty: &[RepoPath],
    ) -> Result<Applied, Stop> {
        signal::watch();
        let git = self.git()?;
        if let Some(interrupted) = self.pending_journal() {
            return Err(interrupted.stop());
        }
        Journal::sweep(git)?;
        let request = ApplyRequest {
            plan,
            finish,
            allow_dirty,
        };
        let Some(transaction) = prepare::transaction(self, git, request)? else {
            return Ok(Applied::default());
        };
        let committed = transaction.commit()?;
        Ok(match committed.method {
            CommitMethod::NoCommit => Applied::default(),
            CommitMethod::MoveBranch { .. } | CommitMethod::GitCommit { .. } => Applied {
                git_output: committed.git_output,
                ..Applied::at(git.head()?)
            },
        })
    }
}

impl Applied {
    fn at(head: Head) -> Self {
        let short = |name: String| name.trim_start_matches("refs/heads/").to_owned();
        Self {
            commit: head.commit.map(|id| id.to_hex_with_len(7).to_string()),
            branch: head.branch.map(short),
            git_output: String::new(),
        }
    }
}
