//! The files of the work tree: staged beside their paths, swapped in, and restored.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::apply::folders;
use crate::io::apply::journal::{FileRecord, Journal, JournalPath};
use crate::io::apply::on_disk::{OnDisk, compare, file_path, touched};
use crate::io::disk::{self, WithPath};
use crate::io::disk_wait::{DiskWait, each};
use crate::repo::RepoPath;

/// Writes each new file beside its path, under a temporary name that only larder uses.
pub(super) fn stage(root: &Path, journal: &Journal) -> Result<(), Stop> {
    let files: Vec<_> = touched(journal).collect();
    let wait = DiskWait::for_about(files.len(), root).with_path("write", root)?;
    each(&files, |&(i, file)| {
        let Some(mode) = file.new_mode else {
            return Ok(());
        };
        let bytes = journal.new_bytes(i)?.unwrap_or_default();
        let path = file_path(root, journal, file)?;
        let old = file.old_mode.map(|_| &*path);
        let temporary = temporary(root, journal, i, file)?;
        write(&temporary, &bytes, mode, old, &wait)
    })?;
    wait.finish().with_path("write", root)
}

/// Deletes the files that go, and renames the staged files to their paths.
///
/// # Errors
/// When a file is not as it was when the plan was made.
pub(super) fn swap(root: &Path, journal: &Journal) -> Result<(), Stop> {
    // Deletions make room first: a file may become a folder.
    for (i, file) in touched(journal).filter(|(_, file)| file.new_mode.is_none()) {
        let path = still_old(root, journal, i, file)?;
        keep_old(journal, i, &path);
        fs::remove_file(&path).with_path("remove", &path)?;
        folders::remove_empty_above(root, &path)?;
    }
    folders::create(root, journal)?;
    let written = touched(journal).filter(|(_, file)| file.new_mode.is_some());
    let written: Vec<_> = written.collect();
    each(&written, |&(i, file)| {
        let path = still_old(root, journal, i, file)?;
        let temporary = temporary(root, journal, i, file)?;
        keep_old(journal, i, &path);
        fs::rename(&temporary, &path).with_path("write", &path)
    })?;
    sync(root, journal)
}

/// Restores the old files, and removes what the change has created. `found` says what is
/// on the disk now.
pub(super) fn restore(
    root: &Path,
    journal: &Journal,
    found: &[(usize, OnDisk)],
) -> Result<(), Stop> {
    let files = &journal.record.files;
    for (i, file) in touched(journal) {
        let staged = temporary(root, journal, i, file)?;
        disk::remove(&staged).with_path("remove", &staged)?;
    }
    let changed = found.iter().filter(|(_, state)| *state != OnDisk::Old);
    let changed: Vec<usize> = changed.map(|(i, _)| *i).collect();
    for &i in changed.iter().filter(|&&i| files[i].old_mode.is_none()) {
        let path = file_path(root, journal, &files[i])?;
        disk::remove(&path).with_path("remove", &path)?;
    }
    for &i in changed.iter().filter(|&&i| files[i].old_mode.is_some()) {
        restore_old(root, journal, i, &files[i])?;
    }
    folders::remove(root, journal)?;
    sync(root, journal)
}

/// Copies files that a hook has edited to the folder `aside`, so that nothing is lost.
pub(super) fn set_aside(
    root: &Path,
    journal: &Journal,
    edited: &[usize],
    aside: &Path,
) -> Result<(), Stop> {
    disk::remove_all(aside).with_path("remove", aside)?;
    for &i in edited {
        let file = &journal.record.files[i];
        let path = file_path(root, journal, file)?;
        let copy = aside.join(&file.path);
        let folder = copy.parent().unwrap_or(aside);
        fs::create_dir_all(folder).with_path("create", folder)?;
        if path.is_file() {
            fs::copy(&path, &copy).with_path("write", &copy)?;
        }
    }
    Ok(())
}

/// The temporary path of a file: beside its path, or in the nearest parent folder that
/// the change does not create.
fn temporary(root: &Path, journal: &Journal, i: usize, file: &FileRecord) -> Result<PathBuf, Stop> {
    let path = journal.path(&file.path)?;
    let is_created = |dir: &RepoPath| {
        let dir = JournalPath::Inside(dir.as_str().to_owned());
        journal.record.folders.contains(&dir)
    };
    let mut folder = path.parent();
    while is_created(&folder) {
        folder = folder.parent();
    }
    let name = format!(".{}.{i}.larder-tmp", path.file_name());
    Ok(root.join(folder.as_str()).join(name))
}

/// Writes a temporary file. Gives it mode and owner of the old file, if there is one.
fn write(
    temporary: &Path,
    bytes: &[u8],
    mode: u32,
    old: Option<&Path>,
    wait: &DiskWait,
) -> Result<(), Stop> {
    disk::remove(temporary).with_path("remove", temporary)?;
    let set_metadata = |file: &fs::File| match old {
        Some(old) => copy_metadata(file, temporary, mode, old),
        // A file that moves keeps the right to be executed.
        None if mode & 0o111 != 0 => file.set_permissions(Permissions::from_mode(mode)),
        None => Ok(()),
    };
    let written = wait.create(temporary, bytes, mode & 0o666, set_metadata);
    written.with_path("write", temporary)
}

/// Gives a new file the permissions and, if the system allows it, the owner of the old one.
fn copy_metadata(file: &fs::File, path: &Path, mode: u32, old: &Path) -> std::io::Result<()> {
    let owner = |metadata: &fs::Metadata| (metadata.uid(), metadata.gid());
    let old_owner = old.metadata().ok().map(|metadata| owner(&metadata));
    let new_owner = owner(&file.metadata()?);
    if let Some((user, group)) = old_owner.filter(|old| *old != new_owner) {
        // As with git, the file becomes ours where we may not give it away.
        drop(chown(path, Some(user), Some(group)));
    }
    file.set_permissions(Permissions::from_mode(mode))
}

/// The path of a file that is still as it was when the plan was made.
fn still_old(root: &Path, journal: &Journal, i: usize, file: &FileRecord) -> Result<PathBuf, Stop> {
    match compare(root, journal, i, file)? {
        OnDisk::Old => file_path(root, journal, file),
        OnDisk::New | OnDisk::Foreign => Err(edited(&file.path)),
    }
}

/// Keeps the old file itself in the journal, by a hard link: a rollback then needs no disk
/// space, and restores the times of the file too. Where the file system has no hard links,
/// the rollback writes the old bytes.
fn keep_old(journal: &Journal, i: usize, path: &Path) {
    drop(fs::hard_link(path, journal.old_file(i)));
}

fn restore_old(root: &Path, journal: &Journal, i: usize, file: &FileRecord) -> Result<(), Stop> {
    let path = file_path(root, journal, file)?;
    let folder = path.parent().unwrap_or(root);
    fs::create_dir_all(folder).with_path("create", folder)?;
    if fs::rename(journal.old_file(i), &path).is_ok() {
        return Ok(());
    }
    let bytes = journal.old_bytes(i)?.unwrap_or_default();
    let temporary = temporary(root, journal, i, file)?;
    let old = file.old_mode.map(|_| &*path);
    let (mode, wait) = (file.old_mode.unwrap_or(0o644), DiskWait::for_each());
    write(&temporary, &bytes, mode, old, &wait)?;
    fs::rename(&temporary, &path).with_path("write", &path)
}

/// Syncs the nearest existing folder of each touched file.
fn sync(root: &Path, journal: &Journal) -> Result<(), Stop> {
    let mut folders = Vec::new();
    for (_, file) in touched(journal) {
        let path = file_path(root, journal, file)?;
        let mut above = path.ancestors().skip(1);
        folders.extend(above.find(|dir| dir.is_dir()).map(Path::to_owned));
    }
    folders.sort();
    folders.dedup();
    let wait = DiskWait::for_about(folders.len(), root).with_path("write", root)?;
    for folder in &folders {
        wait.folder(folder).with_path("write", folder)?;
    }
    wait.finish().with_path("write", root)
}

fn edited(path: &str) -> Stop {
    let message = format!("`{path}` has been edited while larder was at work");
    Diagnostic::error("changed-on-disk", message)
        .help("run the command again")
        .into()
}
