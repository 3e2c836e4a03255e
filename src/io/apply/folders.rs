//! The folders that a change creates, and those that it leaves empty.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::diagnostic::Stop;
use crate::io::apply::journal::Journal;
use crate::io::apply::on_disk::absolute;
use crate::io::disk::{self, WithPath};

/// Creates the folders of the record.
pub(super) fn create(root: &Path, journal: &Journal) -> Result<(), Stop> {
    for folder in &journal.record.folders {
        let path = absolute(root, journal, folder)?;
        fs::create_dir_all(&path).with_path("create", &path)?;
        disk::sync_parent(&path).with_path("create", &path)?;
    }
    Ok(())
}

/// Removes the folders of the record, except where they are used by somebody else.
pub(super) fn remove(root: &Path, journal: &Journal) -> Result<(), Stop> {
    for folder in journal.record.folders.iter().rev() {
        let path = absolute(root, journal, folder)?;
        match fs::remove_dir(&path) {
            Err(e) if is_in_use(e.kind()) => {}
            removed => removed.with_path("remove", &path)?,
        }
    }
    Ok(())
}

/// Removes the folders above a deleted file that are empty now.
pub(super) fn remove_empty_above(root: &Path, deleted: &Path) -> Result<(), Stop> {
    let above = deleted.ancestors().skip(1);
    for folder in above.take_while(|dir| *dir != root && dir.starts_with(root)) {
        match fs::remove_dir(folder) {
            Err(e) if is_in_use(e.kind()) => return Ok(()),
            removed => removed.with_path("remove", folder)?,
        }
    }
    Ok(())
}

/// True if a folder stays: it has other files, a disk is mounted on it, somebody has
/// replaced it by a file, or it is gone already.
fn is_in_use(error: ErrorKind) -> bool {
    matches!(
        error,
        ErrorKind::DirectoryNotEmpty
            | ErrorKind::NotFound
            | ErrorKind::NotADirectory
            | ErrorKind::ResourceBusy
    )
}
