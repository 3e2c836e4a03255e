//! The files of the work tree: staged beside their places, then swapped in, and
//! the way back.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::fs::{self, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::apply::journal::Journal;
use crate::io::apply::story::{Entry, Place};
use crate::io::disk::{self, WithPath};

/// What is at the place of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    Old,
    New,
    /// Somebody else's work.
    Foreign,
}

/// Writes every new file beside its place, under a name that only larder uses.
pub(super) fn stage(root: &Path, journal: &Journal) -> Result<(), Stop> {
    for (i, entry) in changing(journal) {
        let Some(mode) = entry.new else { continue };
        let bytes = journal.after(i)?.unwrap_or_default();
        put(
            &temporary(root, journal, i, entry)?,
            &bytes,
            mode,
            entry.old,
            &place(root, journal, entry)?,
        )?;
    }
    Ok(())
}

/// Puts the staged files in their places and takes away those that go; each
/// only if it is still what the plan was made on.
pub(super) fn swap(root: &Path, journal: &Journal) -> Result<(), Stop> {
    // What goes makes room first: a file may become a folder.
    for (i, entry) in changing(journal).filter(|(_, entry)| entry.new.is_none()) {
        let at = untouched(root, journal, i, entry)?;
        keep(journal, i, &at);
        fs::remove_file(&at).with_path("remove", &at)?;
        remove_empty_above(root, &at)?;
    }
    make_folders(root, journal)?;
    for (i, entry) in changing(journal).filter(|(_, entry)| entry.new.is_some()) {
        let at = untouched(root, journal, i, entry)?;
        let temporary = temporary(root, journal, i, entry)?;
        keep(journal, i, &at);
        fs::rename(&temporary, &at).with_path("write", &at)?;
    }
    sync(root, journal)
}

/// What is there now, file by file; a file that is only recorded is left out.
pub(super) fn found(root: &Path, journal: &Journal) -> Result<Vec<(usize, Found)>, Stop> {
    let one = |(i, entry)| Ok((i, found_at(root, journal, i, entry)?));
    changing(journal).map(one).collect()
}

/// Takes the files back to what they were. `found` says what is there now.
pub(super) fn restore(
    root: &Path,
    journal: &Journal,
    found: &[(usize, Found)],
) -> Result<(), Stop> {
    let files = &journal.story.files;
    for (i, entry) in changing(journal) {
        let staged = temporary(root, journal, i, entry)?;
        disk::remove(&staged).with_path("remove", &staged)?;
    }
    let back: Vec<usize> = found
        .iter()
        .filter(|(_, it)| *it != Found::Old)
        .map(|(i, _)| *i)
        .collect();
    for &i in back.iter().filter(|&&i| files[i].old.is_none()) {
        let at = place(root, journal, &files[i])?;
        disk::remove(&at).with_path("remove", &at)?;
    }
    for &i in back.iter().filter(|&&i| files[i].old.is_some()) {
        write_back(root, journal, i, &files[i])?;
    }
    remove_folders(root, journal)?;
    sync(root, journal)
}

/// Copies files that a hook has changed to `aside`, so that nothing is lost.
pub(super) fn keep_aside(
    root: &Path,
    journal: &Journal,
    which: &[usize],
    aside: &Path,
) -> Result<(), Stop> {
    disk::remove_all(aside).with_path("remove", aside)?;
    for &i in which {
        let at = place(root, journal, &journal.story.files[i])?;
        let copy = aside.join(&journal.story.files[i].path);
        let folder = copy.parent().unwrap_or(aside);
        fs::create_dir_all(folder).with_path("create", folder)?;
        if at.is_file() {
            fs::copy(&at, &copy).with_path("write", &copy)?;
        }
    }
    Ok(())
}

/// Where a place is on the disk.
pub(super) fn on_disk(root: &Path, journal: &Journal, place: &Place) -> Result<PathBuf, Stop> {
    match place {
        Place::Inside(path) => Ok(root.join(journal.path(path)?.as_str())),
        Place::Outside(path) => Ok(path.clone()),
    }
}

fn changing(journal: &Journal) -> impl Iterator<Item = (usize, &Entry)> {
    journal
        .story
        .files
        .iter()
        .enumerate()
        .filter(|(_, entry)| !entry.same)
}

fn place(root: &Path, journal: &Journal, entry: &Entry) -> Result<PathBuf, Stop> {
    Ok(root.join(journal.path(&entry.path)?.as_str()))
}

/// Beside the place, or in the nearest folder that is there before the change.
fn temporary(root: &Path, journal: &Journal, i: usize, entry: &Entry) -> Result<PathBuf, Stop> {
    let path = journal.path(&entry.path)?;
    let made = |dir: &crate::repo::RepoPath| {
        journal
            .story
            .folders
            .contains(&Place::Inside(dir.as_str().to_owned()))
    };
    let mut folder = path.parent();
    while made(&folder) {
        folder = folder.parent();
    }
    let name = format!(".{}.{i}.larder-tmp", path.file_name());
    Ok(root.join(folder.as_str()).join(name))
}

fn put(to: &Path, bytes: &[u8], mode: u32, old: Option<u32>, beside: &Path) -> Result<(), Stop> {
    disk::remove(to).with_path("remove", to)?;
    let finish = |file: &fs::File| match old {
        Some(_) => like(file, to, mode, beside),
        None => Ok(()),
    };
    disk::create_with(to, bytes, mode & 0o666, finish).with_path("write", to)
}

/// Gives the new file the permissions and, where we may, the owner of the old.
fn like(file: &fs::File, to: &Path, mode: u32, old: &Path) -> std::io::Result<()> {
    let owner = |it: &fs::Metadata| (it.uid(), it.gid());
    let was = old.metadata().ok().map(|it| owner(&it));
    let is = owner(&file.metadata()?);
    if let Some((user, group)) = was.filter(|was| *was != is) {
        // As with git, a file that somebody else owns becomes ours if it must.
        drop(chown(to, Some(user), Some(group)));
    }
    file.set_permissions(Permissions::from_mode(mode))
}

fn untouched(root: &Path, journal: &Journal, i: usize, entry: &Entry) -> Result<PathBuf, Stop> {
    match found_at(root, journal, i, entry)? {
        Found::Old => place(root, journal, entry),
        _ => Err(edited(&entry.path)),
    }
}

fn found_at(root: &Path, journal: &Journal, i: usize, entry: &Entry) -> Result<Found, Stop> {
    let at = place(root, journal, entry)?;
    let there = disk::metadata(&at).with_path("access", &at)?;
    let bytes = match there {
        Some(it) if !it.is_file() => return Ok(Found::Foreign),
        Some(_) => disk::read(&at).with_path("read", &at)?,
        None => None,
    };
    Ok(match bytes {
        bytes if bytes == journal.before(i)? => Found::Old,
        bytes if bytes == journal.after(i)? => Found::New,
        _ => Found::Foreign,
    })
}

fn make_folders(root: &Path, journal: &Journal) -> Result<(), Stop> {
    for folder in &journal.story.folders {
        let at = on_disk(root, journal, folder)?;
        fs::create_dir_all(&at).with_path("create", &at)?;
        disk::sync_parent(&at).with_path("create", &at)?;
    }
    Ok(())
}

/// Folders that we have made and that nobody else uses.
fn remove_folders(root: &Path, journal: &Journal) -> Result<(), Stop> {
    for folder in journal.story.folders.iter().rev() {
        let at = on_disk(root, journal, folder)?;
        match fs::remove_dir(&at) {
            Err(e) if stays(e.kind()) => {}
            removed => removed.with_path("remove", &at)?,
        }
    }
    Ok(())
}

fn remove_empty_above(root: &Path, gone: &Path) -> Result<(), Stop> {
    let above = gone.ancestors().skip(1);
    for folder in above.take_while(|dir| *dir != root && dir.starts_with(root)) {
        match fs::remove_dir(folder) {
            Err(e) if stays(e.kind()) => return Ok(()),
            removed => removed.with_path("remove", folder)?,
        }
    }
    Ok(())
}

/// A folder stays if something else is in it, if a disk is mounted there, or if
/// somebody has put a file in its place.
fn stays(why: ErrorKind) -> bool {
    matches!(
        why,
        ErrorKind::DirectoryNotEmpty
            | ErrorKind::NotFound
            | ErrorKind::NotADirectory
            | ErrorKind::ResourceBusy
    )
}

/// Keeps the old file itself in the journal, so that the way back needs no space
/// and brings back its times too. Where the disk cannot, its bytes must do.
fn keep(journal: &Journal, i: usize, at: &Path) {
    drop(fs::hard_link(at, journal.kept(i)));
}

fn write_back(root: &Path, journal: &Journal, i: usize, entry: &Entry) -> Result<(), Stop> {
    let at = place(root, journal, entry)?;
    let folder = at.parent().unwrap_or(root);
    fs::create_dir_all(folder).with_path("create", folder)?;
    if fs::rename(journal.kept(i), &at).is_ok() {
        return Ok(());
    }
    let old = journal.before(i)?.unwrap_or_default();
    let temporary = temporary(root, journal, i, entry)?;
    put(&temporary, &old, entry.old.unwrap_or(0o644), entry.old, &at)?;
    fs::rename(&temporary, &at).with_path("write", &at)
}

fn sync(root: &Path, journal: &Journal) -> Result<(), Stop> {
    let mut folders = Vec::new();
    for (_, entry) in changing(journal) {
        let at = place(root, journal, entry)?;
        folders.extend(
            at.ancestors()
                .skip(1)
                .find(|dir| dir.is_dir())
                .map(Path::to_owned),
        );
    }
    folders.sort();
    folders.dedup();
    folders
        .iter()
        .try_for_each(|dir| disk::sync_dir(dir).with_path("write", dir))
}

fn edited(path: &str) -> Stop {
    let message = format!("`{path}` has been edited while larder was at work");
    Diagnostic::error("changed-on-disk", message)
        .help("run the command again")
        .into()
}
