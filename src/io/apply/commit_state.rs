//! Whether a change is committed: the branch, or the mark in the journal, decides.

use gix::ObjectId;

use crate::diagnostic::Stop;
use crate::io::apply::index_change::IndexState;
use crate::io::apply::journal::{CommitMethod, Journal};
use crate::io::apply::on_disk::OnDisk;
use crate::io::apply::refs;
use crate::io::workspace::{Git, git_error};

/// How many ancestors of the branch are searched for the commit of a change.
const MAX_ANCESTORS: usize = 1000;

/// True if the change is committed and can only be finished; false if it is not and can
/// only be rolled back.
pub(super) fn is_committed(git: &Git, journal: &Journal) -> Result<bool, Stop> {
    match &journal.record.method {
        CommitMethod::NoCommit => Ok(journal.file("done").exists()),
        CommitMethod::MoveBranch { branch, commit, .. } => {
            let tip = refs::tip(git, branch.as_deref())?;
            has_ancestor(git, tip, journal.id(commit)?)
        }
        CommitMethod::GitCommit { base } => {
            let tip = git.head()?.commit;
            let moved = tip.map(|id| id.to_string()) != *base;
            Ok(moved && changes_our_paths(git, journal, tip)?)
        }
    }
}

/// True if `commit` is `tip` or one of its first parents.
fn has_ancestor(git: &Git, tip: Option<ObjectId>, commit: ObjectId) -> Result<bool, Stop> {
    let mut next = tip;
    for _ in 0..MAX_ANCESTORS {
        let Some(id) = next else { return Ok(false) };
        if id == commit {
            return Ok(true);
        }
        let parent = git.repo().find_commit(id);
        let parent = parent.map_err(|e| git_error("the last commit cannot be read", &e))?;
        next = parent.parent_ids().next().map(gix::Id::detach);
    }
    Ok(false)
}

/// True if the commit has another blob than before at one of our paths.
fn changes_our_paths(git: &Git, journal: &Journal, tip: Option<ObjectId>) -> Result<bool, Stop> {
    let tree = git.tree(tip)?;
    for change in journal.index_changes()? {
        let now = tree.entry(&change.path)?.map(|entry| entry.id);
        if now != change.before {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The files without those whose new content somebody has committed meanwhile: these belong
/// to that commit now, and a rollback leaves them.
pub(super) fn without_committed(
    git: &Git,
    journal: &Journal,
    found: Vec<(usize, OnDisk)>,
) -> Result<Vec<(usize, OnDisk)>, Stop> {
    let base = match &journal.record.method {
        CommitMethod::MoveBranch { base, .. } | CommitMethod::GitCommit { base } => base.clone(),
        CommitMethod::NoCommit => return Ok(found),
    };
    let tip = git.head()?.commit;
    if tip.map(|id| id.to_string()) == base {
        return Ok(found);
    }
    let tree = git.tree(tip)?;
    let changes = journal.index_changes()?;
    let mut ours = Vec::new();
    for (i, state) in found {
        let now = tree.entry(&changes[i].path)?;
        let is_committed = match changes[i].after {
            IndexState::Recorded(entry) => now.is_some_and(|now| now.id == entry.id),
            _ => now.is_none(),
        };
        if !(state == OnDisk::New && is_committed) {
            ours.push((i, state));
        }
    }
    Ok(ours)
}
