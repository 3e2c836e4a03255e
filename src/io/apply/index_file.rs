//! Git's index file in a transaction: prepared, published, restored.

use std::fs::File;
use std::io;

use gix::index::entry::Flags;

use crate::diagnostic::Stop;
use crate::io::apply::journal::Journal;
use crate::io::apply::{git_commands, index, lock_file};
use crate::io::disk::{self, WithPath};
use crate::io::workspace::Git;

/// Writes the next index into the journal, complete or not at all.
pub(super) fn prepare(git: &Git, journal: &Journal) -> Result<(), Stop> {
    let expected = |i| Ok(journal.new_bytes(i)?.unwrap_or_default());
    let Some(bytes) = index::next(git, &journal.index_changes()?, &expected)? else {
        return Ok(());
    };
    let (temporary, ready) = (journal.file("index.new"), journal.file("index"));
    let written = disk::remove(&temporary)
        .and_then(|()| {
            disk::create_with(&temporary, &bytes, 0o666, |file| {
                copy_permissions(git, file)
            })
        })
        .and_then(|()| disk::rename(&temporary, &ready));
    written.with_path("write", &ready)
}

/// Gives the next index the permissions of the present one.
fn copy_permissions(git: &Git, file: &File) -> io::Result<()> {
    match disk::metadata(&git.index_path())? {
        Some(old) => file.set_permissions(old.permissions()),
        None => Ok(()),
    }
}

/// Renames the next index to git's index file, under our lock. Prepares it again if the
/// lock was lost.
pub(super) fn publish(git: &Git, journal: &Journal) -> Result<(), Stop> {
    let (ready, index) = (journal.file("index"), &git.index_path());
    let token = journal.lock_token();
    if !lock_file::is_ours(&token, index)? {
        // Somebody has removed our lock and may have changed the index since.
        disk::remove(&ready).with_path("remove", &ready)?;
        lock_file::acquire(&token, index)?;
    }
    if !ready.exists() {
        prepare(git, journal)?;
    }
    if ready.exists() {
        disk::rename(&ready, index).with_path("write", index)?;
    }
    Ok(())
}

/// Undoes [`git_commands::add_intent_to_add`]: restores the old index file, or, if somebody
/// has changed the index since, removes only the intent-to-add entries.
pub(super) fn restore(git: &Git, journal: &Journal) -> Result<(), Stop> {
    let index = &git.index_path();
    let read = |name| {
        let path = journal.file(name);
        disk::read(&path).with_path("read", &path)
    };
    let (before, with_intent) = (
        read(git_commands::INDEX_BEFORE)?,
        read(git_commands::INDEX_WITH_INTENT)?,
    );
    let now = disk::read(index).with_path("read", index)?;
    if now == before || (before.is_none() && with_intent.is_none()) {
        return Ok(());
    }
    if now != with_intent {
        return remove_intent_to_add(git, journal);
    }
    lock_file::acquire(&journal.lock_token(), index)?;
    match before {
        Some(_) => disk::rename(&journal.file(git_commands::INDEX_BEFORE), index),
        None => disk::remove(index),
    }
    .with_path("write", index)
}

fn remove_intent_to_add(git: &Git, journal: &Journal) -> Result<(), Stop> {
    let index = git.index()?;
    let is_intent = |path: &str| {
        let entry = index.entry_by_path(path.into());
        entry.is_some_and(|it| it.flags.contains(Flags::INTENT_TO_ADD))
    };
    let files = journal.record.files.iter();
    let created = files.filter(|file| file.old_mode.is_none() && is_intent(&file.path));
    let paths: Vec<String> = created.map(|file| file.path.clone()).collect();
    if paths.is_empty() {
        return Ok(());
    }
    git_commands::remove_cached(git, &paths)
}
