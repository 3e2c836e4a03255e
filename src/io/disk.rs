//! Small durable steps on the disk, and the words for their failures.
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

/// Makes a file that is not there yet, and waits until it is on the disk.
pub(in crate::io) fn create(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    create_with(path, bytes, mode, |_| Ok(()))
}

/// As [`create`]; `finish` gives the file its permissions or times.
pub(in crate::io) fn create_with(
    path: &Path,
    bytes: &[u8],
    mode: u32,
    finish: impl Fn(&File) -> io::Result<()>,
) -> io::Result<()> {
    let mut new = OpenOptions::new();
    let mut file = new.write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(bytes)?;
    finish(&file)?;
    file.sync_all()
}

/// Waits until the names in a folder are on the disk.
pub(in crate::io) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// Waits until the name of `path` is on the disk.
pub(in crate::io) fn sync_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), sync_dir)
}

/// Renames, and waits until the new name is on the disk.
pub(in crate::io) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    sync_parent(to)
}

/// Makes a folder and those above it, each on the disk before there is one in it.
pub(in crate::io) fn make_folders(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    dir.parent().map_or(Ok(()), make_folders)?;
    match fs::create_dir(dir) {
        Err(e) if e.kind() != ErrorKind::AlreadyExists => Err(e),
        _ => sync_parent(dir),
    }
}

/// Removes a file; that it is gone already is fine.
pub(in crate::io) fn remove(path: &Path) -> io::Result<()> {
    unless_missing(fs::remove_file(path)).map(drop)
}

/// Removes a folder with all that is in it; that it is gone already is fine.
pub(in crate::io) fn remove_all(dir: &Path) -> io::Result<()> {
    unless_missing(fs::remove_dir_all(dir)).map(drop)
}

/// The bytes of a file, `None` if there is none.
pub(in crate::io) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    unless_missing(fs::read(path))
}

/// What is at a path, links not followed; `None` if nothing is.
pub(in crate::io) fn look(path: &Path) -> io::Result<Option<fs::Metadata>> {
    unless_missing(fs::symlink_metadata(path))
}

/// The names of the folders in a folder, links to folders not among them.
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

/// Turns "there is nothing" into `None`.
pub(in crate::io) fn unless_missing<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(e) => Err(e),
    }
}

/// Says what could not be done, and to what.
pub(in crate::io) trait Naming<T> {
    /// Turns a failure into a fault such as "cannot write `x`: No space left on device".
    fn naming(self, verb: &str, path: &Path) -> Result<T, Stop>;
}

impl<T> Naming<T> for io::Result<T> {
    fn naming(self, verb: &str, path: &Path) -> Result<T, Stop> {
        self.map_err(|e| {
            let message = format!("cannot {verb} `{}`: {}", path.display(), words(&e));
            Stop::fault(Diagnostic::error("disk", message))
        })
    }
}

/// The system's words without its number.
pub(in crate::io) fn words(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_owned(),
        None => text,
    }
}
