//! Whether a change is final, as the branch tells.

use gix::ObjectId;

use crate::diagnostic::Stop;
use crate::io::apply::draft::Known;
use crate::io::apply::files::Found;
use crate::io::apply::journal::Journal;
use crate::io::apply::refs;
use crate::io::apply::story::Way;
use crate::io::workspace::{Git, git_error, tree_entry};

/// How many commits back an interrupted one is looked for.
const FAR: usize = 1000;

/// True if the change can only be finished; false if it can only be taken back.
pub(super) fn is_final(git: &Git, journal: &Journal) -> Result<bool, Stop> {
    match &journal.story.way {
        Way::Files => Ok(journal.file("done").exists()),
        Way::Commit { branch, commit, .. } => {
            let tip = refs::value(git, branch.as_deref())?;
            contains(git, tip, journal.id(commit)?)
        }
        Way::Git { base } => {
            let tip = git.head()?.commit;
            let moved = tip.map(|id| id.to_string()) != *base;
            Ok(moved && is_recorded(git, journal, tip)?)
        }
    }
}

/// True if `commit` is `tip` or one of the commits that it stands on.
fn contains(git: &Git, tip: Option<ObjectId>, commit: ObjectId) -> Result<bool, Stop> {
    let mut next = tip;
    for _ in 0..FAR {
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

/// True if the commit holds something else than before at one of our paths.
fn is_recorded(git: &Git, journal: &Journal, tip: Option<ObjectId>) -> Result<bool, Stop> {
    let tree = git.tree(tip)?;
    for fate in journal.fates()? {
        let now = tree_entry(tree.as_ref(), &fate.path)?.map(|it| it.id);
        if now != fate.from {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A new file that somebody has committed meanwhile is theirs now.
pub(super) fn without_committed(
    git: &Git,
    journal: &Journal,
    found: Vec<(usize, Found)>,
) -> Result<Vec<(usize, Found)>, Stop> {
    let base = match &journal.story.way {
        Way::Commit { base, .. } | Way::Git { base } => base.clone(),
        Way::Files => return Ok(found),
    };
    let tip = git.head()?.commit;
    if tip.map(|id| id.to_string()) == base {
        return Ok(found);
    }
    let tree = git.tree(tip)?;
    let fates = journal.fates()?;
    let mut kept = Vec::new();
    for (i, it) in found {
        let now = tree_entry(tree.as_ref(), &fates[i].path)?;
        let committed = match fates[i].to {
            Known::Recorded(held) => now.is_some_and(|now| now.id == held.id),
            _ => now.is_none(),
        };
        if !(it == Found::New && committed) {
            kept.push((i, it));
        }
    }
    Ok(kept)
}
