//! The paths of a journal on the disk, and what is there now.

use std::path::{Path, PathBuf};

use crate::diagnostic::Stop;
use crate::io::apply::journal::{FileRecord, Journal, JournalPath};
use crate::io::disk::{self, WithPath};

/// The content of a file compared with its journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnDisk {
    /// As before the change.
    Old,
    /// As after the change.
    New,
    /// Neither: somebody else has edited the file.
    Foreign,
}

/// The files that the change touches on the disk, with their numbers in the record. A file
/// that is only committed is left out.
pub(super) fn touched(journal: &Journal) -> impl Iterator<Item = (usize, &FileRecord)> {
    let files = journal.record.files.iter().enumerate();
    files.filter(|(_, file)| !file.unchanged)
}

/// Compares each touched file with the journal.
pub(super) fn compare_all(root: &Path, journal: &Journal) -> Result<Vec<(usize, OnDisk)>, Stop> {
    let compared = |(i, file)| Ok((i, compare(root, journal, i, file)?));
    touched(journal).map(compared).collect()
}

/// Compares the file of this number with the journal.
pub(super) fn compare(
    root: &Path,
    journal: &Journal,
    i: usize,
    file: &FileRecord,
) -> Result<OnDisk, Stop> {
    let path = file_path(root, journal, file)?;
    let bytes = match disk::metadata(&path).with_path("access", &path)? {
        Some(metadata) if !metadata.is_file() => return Ok(OnDisk::Foreign),
        Some(_) => disk::read(&path).with_path("read", &path)?,
        None => None,
    };
    Ok(match bytes {
        bytes if bytes == journal.old_bytes(i)? => OnDisk::Old,
        bytes if bytes == journal.new_bytes(i)? => OnDisk::New,
        _ => OnDisk::Foreign,
    })
}

/// The absolute path of a file of the record.
pub(super) fn file_path(
    root: &Path,
    journal: &Journal,
    file: &FileRecord,
) -> Result<PathBuf, Stop> {
    Ok(root.join(journal.path(&file.path)?.as_str()))
}

/// The absolute path of a folder or a key of the record.
pub(super) fn absolute(
    root: &Path,
    journal: &Journal,
    path: &JournalPath,
) -> Result<PathBuf, Stop> {
    match path {
        JournalPath::Inside(path) => Ok(root.join(journal.path(path)?.as_str())),
        JournalPath::Outside(path) => Ok(path.clone()),
    }
}
