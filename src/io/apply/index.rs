//! The next index of git: our entries updated, all others as they are.

use std::collections::HashSet;

use gix::ObjectId;
use gix::index::File as Index;
use gix::index::entry::{Flags, Mode, Stat};
use gix::index::fs::Metadata;

use crate::diagnostic::Stop;
use crate::io::apply::index_change::{IndexChange, IndexState};
use crate::io::apply::racy;
use crate::io::disk;
use crate::io::workspace::{Git, git_error};

/// The bytes of the next index file; `None` if no entry needs a change. `expected` gives
/// the bytes that a file should have on the disk.
pub(super) fn next(
    git: &Git,
    changes: &[IndexChange],
    expected: &dyn Fn(usize) -> Result<Vec<u8>, Stop>,
) -> Result<Option<Vec<u8>>, Stop> {
    let mut index = git.index()?;
    let due: Vec<usize> = (0..changes.len())
        .filter(|&i| is_due(&index, &changes[i]))
        .collect();
    if due.is_empty() {
        return Ok(None);
    }
    racy::smudge(git, &mut index)?;
    let ours: Vec<&IndexChange> = due.iter().map(|&i| &changes[i]).collect();
    make_room(&mut index, &ours);
    for &i in &due {
        if let Some((id, flags, mode)) = new_entry(git, &changes[i]) {
            let stat = match changes[i].after {
                IndexState::Recorded(_) => stat(git, &changes[i], &expected(i)?),
                _ => Stat::default(),
            };
            index.dangerously_push_entry(stat, id, flags, mode, changes[i].path.as_str().into());
        }
    }
    index.sort_entries();
    // Git's next commit would take old trees from this extension.
    index.remove_tree();
    let mut bytes = Vec::new();
    let written = index.write_to(&mut bytes, gix::index::write::Options::default());
    written.map_err(|e| git_error("git's index cannot be created", &e))?;
    Ok(Some(bytes))
}

/// True if the change is not in the index yet, and nobody else has changed the entry since.
fn is_due(index: &Index, change: &IndexChange) -> bool {
    let entry = index.entry_by_path(change.path.as_str().into());
    let is_intent = entry.is_some_and(|it| it.flags.contains(Flags::INTENT_TO_ADD));
    let id = entry.filter(|_| !is_intent).map(|it| it.id);
    match change.after {
        IndexState::IntentToAdd(_) => entry.is_none(),
        IndexState::Untracked => is_intent,
        IndexState::Deleted => entry.is_some() && id == change.before,
        IndexState::Recorded(_) => id == change.before,
    }
}

/// Removes our entries, and those that conflict with them: a file where we have a folder,
/// files in a folder where we have a file.
fn make_room(index: &mut Index, ours: &[&IndexChange]) {
    let paths: HashSet<&str> = ours.iter().map(|change| change.path.as_str()).collect();
    let stays = |change: &&&IndexChange| {
        !matches!(change.after, IndexState::Deleted | IndexState::Untracked)
    };
    let files: HashSet<&str> = ours
        .iter()
        .filter(stays)
        .map(|change| change.path.as_str())
        .collect();
    let folders: HashSet<&str> = files.iter().flat_map(|file| prefixes(file)).collect();
    index.remove_entries(|_, path, _| {
        let Ok(path) = std::str::from_utf8(path) else {
            return false;
        };
        paths.contains(path)
            || folders.contains(path)
            || prefixes(path).any(|folder| files.contains(folder))
    });
}

fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

fn new_entry(git: &Git, change: &IndexChange) -> Option<(ObjectId, Flags, Mode)> {
    match change.after {
        IndexState::Deleted | IndexState::Untracked => None,
        IndexState::Recorded(entry) => Some((entry.id, Flags::empty(), mode(entry.mode))),
        IndexState::IntentToAdd(bits) => {
            let empty = ObjectId::empty_blob(git.repo().object_hash());
            Some((empty, Flags::INTENT_TO_ADD | Flags::EXTENDED, mode(bits)))
        }
    }
}

fn mode(bits: u32) -> Mode {
    Mode::from_bits(bits).unwrap_or(Mode::FILE)
}

/// The `stat` by which git sees that a file is unchanged. Empty if the file has other bytes
/// than expected, so that git compares its content.
fn stat(git: &Git, change: &IndexChange, expected: &[u8]) -> Stat {
    let path = git.root().join(change.path.as_str());
    let stat = Metadata::from_path_no_follow(&path)
        .ok()
        .and_then(|metadata| Stat::from_fs(&metadata).ok());
    let same = disk::read(&path).is_ok_and(|bytes| bytes.as_deref() == Some(expected));
    stat.filter(|_| same).unwrap_or_default()
}
