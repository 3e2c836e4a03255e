//! The versions of a file in git's history, along the first parents of `HEAD`.

use gix::ObjectId;

use super::Workspace;
use super::git::Git;
use crate::diagnostic::Stop;
use crate::fleet::Day;
use crate::io::clock;
use crate::repo::RepoPath;

/// How many commits are looked at.
const MAX_COMMITS: usize = 20_000;

/// A commit as the search sees it.
struct Seen {
    /// The blob of the file; `None`: the commit has no such file.
    blob: Option<ObjectId>,
    day: Day,
    parent: Option<ObjectId>,
}

impl Workspace {
    /// Shows the versions of a file, newest first, each with the day on which it came; until
    /// `visit` has seen enough, the history ends, or git cannot read on (as in a shallow clone).
    ///
    /// # Errors
    /// When `HEAD` cannot be read.
    pub fn versions(
        &self,
        path: &RepoPath,
        visit: &mut dyn FnMut(&str, Day) -> bool,
    ) -> Result<(), Stop> {
        let Some(git) = &self.git else {
            return Ok(());
        };
        let mut next = git.head()?.commit;
        let mut newer: Option<Seen> = None;
        for _ in 0..MAX_COMMITS {
            let Some(seen) = next.and_then(|id| seen(git, id, path)) else {
                break;
            };
            if let Some(version) = newer.filter(|newer| newer.blob != seen.blob)
                && !show(git, &version, visit)
            {
                return Ok(());
            }
            next = seen.parent;
            newer = Some(seen);
        }
        if let Some(version) = newer {
            show(git, &version, visit);
        }
        Ok(())
    }
}

fn seen(git: &Git, id: ObjectId, path: &RepoPath) -> Option<Seen> {
    let commit = git.repo().find_commit(id).ok()?;
    let tree = commit.tree().ok()?;
    let entry = tree.lookup_entry_by_path(path.as_str()).ok()?;
    let seconds = commit.time().ok()?.seconds;
    let parent = commit.parent_ids().next();
    Some(Seen {
        blob: entry.map(|entry| entry.object_id()),
        day: clock::day_of(seconds)?,
        parent: parent.map(gix::Id::detach),
    })
}

/// False if that was enough.
fn show(git: &Git, version: &Seen, visit: &mut dyn FnMut(&str, Day) -> bool) -> bool {
    let blob = version.blob.and_then(|id| git.repo().find_blob(id).ok());
    let text = blob.and_then(|mut blob| String::from_utf8(blob.take_data()).ok());
    text.is_some_and(|text| visit(&text, version.day))
}
