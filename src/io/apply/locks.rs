//! All of git's locks that one transaction takes: of the index, of HEAD and of the branch.

use crate::diagnostic::Stop;
use crate::io::apply::journal::{CommitMethod, Journal};
use crate::io::apply::{lock_file, refs};
use crate::io::workspace::Git;

/// Takes the lock of the index, and those of HEAD and of the branch if larder moves them.
///
/// # Errors
/// When git holds one of them, or when the branch has moved since the plan was made.
pub(super) fn acquire(git: &Git, journal: &Journal) -> Result<(), Stop> {
    let token = journal.lock_token();
    lock_file::acquire(&token, &git.index_path())?;
    let CommitMethod::MoveBranch { branch, base, .. } = &journal.record.method else {
        return Ok(());
    };
    let base = journal.optional_id(base.as_deref())?;
    refs::lock(git, &token, branch.as_deref(), base)
}

/// Releases those of git's locks that are ours.
pub(super) fn release(git: &Git, journal: &Journal) -> Result<(), Stop> {
    let token = journal.lock_token();
    if let CommitMethod::MoveBranch { branch, .. } = &journal.record.method {
        refs::unlock(git, &token, branch.as_deref())?;
    }
    lock_file::release(&token, &git.index_path())
}
