//! Durable file operations, and messages for their failures.
//!
//! An operation is durable once it is synced: a power cut cannot undo it any more.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::diagnostic::{Diagnostic, Stop};

/// Creates a file and syncs its content. Fails if the path exists.
pub(in crate::io) fn create(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    create_with(path, bytes, mode, |_| Ok(()))
}

/// As [`create`]; `set_metadata` sets permissions or times before the file is synced.
pub(in crate::io) fn create_with(
    path: &Path,
    bytes: &[u8],
    mode: u32,
    set_metadata: impl Fn(&File) -> io::Result<()>,
) -> io::Result<()> {
    write_new(path, bytes, mode, set_metadata)?.sync_all()
}

/// As [`create_with`], for who waits for the disk: the file is not synced yet.
pub(in crate::io) fn write_new(
    path: &Path,
    bytes: &[u8],
    mode: u32,
    set_metadata: impl Fn(&File) -> io::Result<()>,
) -> io::Result<File> {
    let mut new = OpenOptions::new();
    let mut file = new.write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(bytes)?;
    set_metadata(&file)?;
    Ok(file)
}

/// Syncs a folder: the names of the files in it.
pub(in crate::io) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Syncs the parent folder, and with it the name of `path`.
pub(in crate::io) fn sync_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), sync_dir)
}

/// Renames, and syncs the new name.
pub(in crate::io) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    sync_parent(to)
}

/// Creates a folder and its missing parents; each is synced before its child is created.
pub(in crate::io) fn create_folders(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    dir.parent().map_or(Ok(()), create_folders)?;
    match fs::create_dir(dir) {
        Err(e) if e.kind() != ErrorKind::AlreadyExists => Err(e),
        _ => sync_parent(dir),
    }
}

/// Removes a file, if it exists.
pub(in crate::io) fn remove(path: &Path) -> io::Result<()> {
    none_if_missing(fs::remove_file(path)).map(drop)
}

/// Removes a folder and everything in it, if it exists.
pub(in crate::io) fn remove_all(dir: &Path) -> io::Result<()> {
    none_if_missing(fs::remove_dir_all(dir)).map(drop)
}

/// The bytes of a file; `None` if it does not exist.
pub(in crate::io) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    none_if_missing(fs::read(path))
}

/// The metadata of a path, links not followed; `None` if nothing exists there.
pub(in crate::io) fn metadata(path: &Path) -> io::Result<Option<fs::Metadata>> {
    none_if_missing(fs::symlink_metadata(path))
}

/// The names of the folders in a folder, without links to folders.
pub(in crate::io) fn folders_in(dir: &Path) -> io::Result<HashSet<String>> {
    let mut folders = HashSet::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.extend(entry.file_name().into_string().ok());
        }
    }
    Ok(folders)
}

/// Turns the error that nothing exists at the path into `None`.
pub(in crate::io) fn none_if_missing<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(e) => Err(e),
    }
}

/// Adds to an error of the system what could not be done, and to which path.
pub(in crate::io) trait WithPath<T> {
    /// Turns an error into a fault such as "cannot write `x`: No space left on device".
    fn with_path(self, verb: &str, path: &Path) -> Result<T, Stop>;
}

impl<T> WithPath<T> for io::Result<T> {
    fn with_path(self, verb: &str, path: &Path) -> Result<T, Stop> {
        self.map_err(|e| {
            let message = format!("cannot {verb} `{}`: {}", path.display(), os_message(&e));
            Stop::fault(Diagnostic::error("disk", message))
        })
    }
}

/// The system's message without the error number.
pub(in crate::io) fn os_message(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((message, _)) => message.to_owned(),
        None => text,
    }
}
