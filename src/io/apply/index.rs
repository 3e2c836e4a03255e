//! Git's index as it will be: our paths brought up to date, all else as it was.

use std::collections::HashSet;

use gix::ObjectId;
use gix::index::File as Index;
use gix::index::entry::{Flags, Mode, Stat};
use gix::index::fs::Metadata;

use crate::diagnostic::Stop;
use crate::io::apply::draft::{Fate, Known};
use crate::io::apply::racy;
use crate::io::disk;
use crate::io::workspace::{Git, git_error};

/// The bytes of the next index; `None` if the present one is right. `expected`
/// gives the bytes that a file should have on the disk.
pub(super) fn next(
    git: &Git,
    fates: &[Fate],
    expected: &dyn Fn(usize) -> Result<Vec<u8>, Stop>,
) -> Result<Option<Vec<u8>>, Stop> {
    let mut index = git.index()?;
    let due: Vec<usize> = (0..fates.len())
        .filter(|&i| is_due(&index, &fates[i]))
        .collect();
    if due.is_empty() {
        return Ok(None);
    }
    racy::smudge(git, &mut index)?;
    let ours: Vec<&Fate> = due.iter().map(|&i| &fates[i]).collect();
    make_room(&mut index, &ours);
    for &i in &due {
        if let Some((id, flags, mode)) = entry(git, &fates[i]) {
            let stat = match fates[i].to {
                Known::Recorded(_) => stat(git, &fates[i], &expected(i)?),
                _ => Stat::default(),
            };
            index.dangerously_push_entry(stat, id, flags, mode, fates[i].path.as_str().into());
        }
    }
    index.sort_entries();
    // Kept as it is, it would make git's next commit record old folders.
    index.remove_tree();
    let mut bytes = Vec::new();
    let written = index.write_to(&mut bytes, gix::index::write::Options::default());
    written.map_err(|e| git_error("git's index cannot be made", &e))?;
    Ok(Some(bytes))
}

/// True if the index does not say yet what it should, and nobody has made it
/// say a third thing since.
fn is_due(index: &Index, fate: &Fate) -> bool {
    let entry = index.entry_by_path(fate.path.as_str().into());
    let noted = entry.is_some_and(|it| it.flags.contains(Flags::INTENT_TO_ADD));
    let id = entry.filter(|_| !noted).map(|it| it.id);
    match fate.to {
        Known::Noted(_) => entry.is_none(),
        Known::Forgotten => noted,
        Known::Gone => entry.is_some() && id == fate.from,
        Known::Recorded(_) => id == fate.from,
    }
}

/// Takes out our entries, and those that leave no room for them: a file where
/// we have a folder, files in a folder where we have a file.
fn make_room(index: &mut Index, ours: &[&Fate]) {
    let paths: HashSet<&str> = ours.iter().map(|fate| fate.path.as_str()).collect();
    let stays = |fate: &&&Fate| !matches!(fate.to, Known::Gone | Known::Forgotten);
    let files: HashSet<&str> = ours
        .iter()
        .filter(stays)
        .map(|fate| fate.path.as_str())
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

fn entry(git: &Git, fate: &Fate) -> Option<(ObjectId, Flags, Mode)> {
    match fate.to {
        Known::Gone | Known::Forgotten => None,
        Known::Recorded(held) => Some((held.id, Flags::empty(), mode(held.mode))),
        Known::Noted(bits) => {
            let empty = ObjectId::empty_blob(git.repo().object_hash());
            Some((empty, Flags::INTENT_TO_ADD | Flags::EXTENDED, mode(bits)))
        }
    }
}

fn mode(bits: u32) -> Mode {
    Mode::from_bits(bits).unwrap_or(Mode::FILE)
}

/// What git compares to see whether a file has changed; nothing where it has
/// changed already, so that git looks into it.
fn stat(git: &Git, fate: &Fate, expected: &[u8]) -> Stat {
    let at = git.root().join(fate.path.as_str());
    let stat = Metadata::from_path_no_follow(&at)
        .ok()
        .and_then(|it| Stat::from_fs(&it).ok());
    let same = disk::read(&at).is_ok_and(|bytes| bytes.as_deref() == Some(expected));
    stat.filter(|_| same).unwrap_or_default()
}
