//! What a change does to git's index, path by path.

use gix::ObjectId;
use gix::index::entry::Flags;
use gix::objs::Kind;
use gix::odb::memory::Storage;

use crate::diagnostic::Stop;
use crate::io::preflight::{Finish, Target};
use crate::io::workspace::{CleanFilter, Git, GitEntry, git_error};
use crate::repo::RepoPath;

/// The change of one path in git's index, and in the commit if there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IndexChange {
    pub(super) path: RepoPath,
    /// The blob in the index before; `None` without an entry, or for intent-to-add.
    pub(super) before: Option<ObjectId>,
    pub(super) after: IndexState,
}

/// The state of a path in git's index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IndexState {
    /// This blob, in the index and in the commit.
    Recorded(GitEntry),
    /// Intent-to-add with this mode, so that Nix sees the file. A path that the index
    /// has already stays as it is.
    IntentToAdd(u32),
    /// No entry, and the commit deletes the file.
    Deleted,
    /// No intent-to-add any more. An entry with a blob stays: the user commits the deletion.
    Untracked,
}

/// The index changes of these files, and the objects that they need.
pub(super) fn index_changes(
    git: &Git,
    targets: &[Target],
    finish: Finish,
) -> Result<(Vec<IndexChange>, Storage), Stop> {
    let index = git.index()?;
    let head = git.tree(git.head()?.commit)?;
    let mut filter = CleanFilter::new(git)?;
    let memory = git.repo().clone().with_object_memory();
    let mut changes = Vec::new();
    for target in targets {
        let entry = index.entry_by_path(target.path.as_str().into());
        let entry = entry.filter(|it| !it.flags.contains(Flags::INTENT_TO_ADD));
        let recorded = match entry {
            Some(entry) => Some(entry.mode.bits()),
            None => head.entry(&target.path)?.map(|it| it.mode),
        };
        let mode = git.mode(target.mode.or(target.moved_mode), recorded);
        changes.push(IndexChange {
            path: target.path.clone(),
            before: entry.map(|it| it.id),
            after: state_after(target, mode, finish, &memory, &mut filter)?,
        });
    }
    let mut objects = memory.objects.reset_object_memory().unwrap_or_default();
    if changes.iter().any(is_new_intent_to_add) {
        // An intent-to-add entry names the empty blob.
        let empty = ObjectId::empty_blob(git.repo().object_hash());
        objects.insert(empty, (Kind::Blob, Vec::new()));
    }
    Ok((changes, objects))
}

fn state_after(
    target: &Target,
    mode: u32,
    finish: Finish,
    memory: &gix::Repository,
    filter: &mut CleanFilter<'_>,
) -> Result<IndexState, Stop> {
    Ok(match (&target.after, finish) {
        (None, Finish::Commit) => IndexState::Deleted,
        (None, Finish::NoCommit) => IndexState::Untracked,
        (Some(_), Finish::NoCommit) => IndexState::IntentToAdd(mode),
        (Some(after), Finish::Commit) => {
            let bytes = filter.bytes(after.as_bytes(), &target.path)?;
            let blob = memory.write_blob(bytes);
            let blob = blob.map_err(|e| git_error("the commit cannot be created", &e))?;
            let id = blob.detach();
            IndexState::Recorded(GitEntry { id, mode })
        }
    })
}

fn is_new_intent_to_add(change: &IndexChange) -> bool {
    matches!(change.after, IndexState::IntentToAdd(_)) && change.before.is_none()
}
