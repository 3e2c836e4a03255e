//! Git's index and locks at the end of a change, on either way.

use std::fs::File;
use std::io;

use gix::index::entry::Flags;

use crate::diagnostic::Stop;
use crate::io::apply::journal::Journal;
use crate::io::apply::story::Way;
use crate::io::apply::{by_git, held, index, refs};
use crate::io::disk::{self, WithPath};
use crate::io::workspace::Git;

/// Frees git's locks as far as they are ours.
pub(super) fn release(git: &Git, journal: &Journal) -> Result<(), Stop> {
    let note = journal.note();
    if let Way::Commit { branch, .. } = &journal.story.way {
        refs::release(git, &note, branch.as_deref())?;
    }
    held::release(&note, &git.index_path())
}

/// Writes the next index into the journal, whole or not at all.
pub(super) fn prepare_index(git: &Git, journal: &Journal) -> Result<(), Stop> {
    let expected = |i| Ok(journal.after(i)?.unwrap_or_default());
    let Some(bytes) = index::next(git, &journal.fates()?, &expected)? else {
        return Ok(());
    };
    let (draft, ready) = (journal.file("index.new"), journal.file("index"));
    let written = disk::remove(&draft)
        .and_then(|()| {
            disk::create_with(&draft, &bytes, 0o666, |file| as_open_as_before(git, file))
        })
        .and_then(|()| disk::rename(&draft, &ready));
    written.with_path("write", &ready)
}

fn as_open_as_before(git: &Git, file: &File) -> io::Result<()> {
    match disk::metadata(&git.index_path())? {
        Some(old) => file.set_permissions(old.permissions()),
        None => Ok(()),
    }
}

/// Puts the next index into place, under our lock.
pub(super) fn publish_index(git: &Git, journal: &Journal) -> Result<(), Stop> {
    let (ready, index) = (journal.file("index"), &git.index_path());
    let note = journal.note();
    if !held::is_ours(&note, index)? {
        // The lock was taken from us: what we had prepared may be old.
        disk::remove(&ready).with_path("remove", &ready)?;
        held::hold(&note, index)?;
    }
    if !ready.exists() {
        prepare_index(git, journal)?;
    }
    if ready.exists() {
        disk::rename(&ready, index).with_path("write", index)?;
    }
    Ok(())
}

/// Takes back that git was told of new files.
pub(super) fn restore_index(git: &Git, journal: &Journal) -> Result<(), Stop> {
    let index = &git.index_path();
    let read = |name| {
        let path = journal.file(name);
        disk::read(&path).with_path("read", &path)
    };
    let (before, noted) = (read(by_git::BEFORE)?, read(by_git::NOTED)?);
    let now = disk::read(index).with_path("read", index)?;
    if now == before || (before.is_none() && noted.is_none()) {
        return Ok(());
    }
    if now != noted {
        return forget(git, journal);
    }
    held::hold(&journal.note(), index)?;
    match before {
        Some(_) => disk::rename(&journal.file(by_git::BEFORE), index),
        None => disk::remove(index),
    }
    .with_path("write", index)
}

fn forget(git: &Git, journal: &Journal) -> Result<(), Stop> {
    let index = git.index()?;
    let noted = |path: &str| {
        let entry = index.entry_by_path(path.into());
        entry.is_some_and(|it| it.flags.contains(Flags::INTENT_TO_ADD))
    };
    let made = journal
        .story
        .files
        .iter()
        .filter(|it| it.old.is_none() && noted(&it.path));
    let paths: Vec<String> = made.map(|it| it.path.clone()).collect();
    if paths.is_empty() {
        return Ok(());
    }
    by_git::forget(git, &paths)
}
