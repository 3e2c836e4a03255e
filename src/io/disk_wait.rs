//! Waiting for the disk: for each file by itself, or once for many.
//!
//! A disk takes milliseconds to say that a file is there for good. A change of a large fleet
//! has thousands of files, none of which counts before all of them are there.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::io::disk;

/// More files than this are waited for together. The system then waits for what other
/// programs have written as well, which can take longer than a few files of ours.
const MANY: usize = 32;

/// What is written is on the disk after [`DiskWait::finish`], and not before.
pub(in crate::io) struct DiskWait {
    together: Option<FileSystem>,
}

/// A file system that is waited for as a whole.
struct FileSystem {
    /// Opened before anything is written: the system tells it of writes that fail from
    /// here on.
    folder: File,
    device: u64,
}

impl DiskWait {
    /// For about so many files and folders, most of them on the file system of `folder`.
    pub(in crate::io) fn for_about(count: usize, folder: &Path) -> io::Result<Self> {
        if count <= MANY || !CAN_WAIT_FOR_ALL {
            return Ok(Self::for_each());
        }
        let folder = File::open(folder)?;
        let device = folder.metadata()?.dev();
        let together = Some(FileSystem { folder, device });
        Ok(Self { together })
    }

    /// For each file by itself.
    pub(in crate::io) fn for_each() -> Self {
        Self { together: None }
    }

    /// Waits for a file that was written, now or later.
    pub(in crate::io) fn file(&self, file: &File) -> io::Result<()> {
        match &self.together {
            Some(all) if file.metadata()?.dev() == all.device => Ok(()),
            _ => file.sync_all(),
        }
    }

    /// Waits for the names in a folder, now or later.
    pub(in crate::io) fn folder(&self, folder: &Path) -> io::Result<()> {
        self.file(&File::open(folder)?)
    }

    /// Creates a file as [`disk::create_with`] does, and waits for it now or later.
    pub(in crate::io) fn create(
        &self,
        path: &Path,
        bytes: &[u8],
        mode: u32,
        set_metadata: impl Fn(&File) -> io::Result<()>,
    ) -> io::Result<()> {
        self.file(&disk::write_new(path, bytes, mode, set_metadata)?)
    }

    /// Waits for all that has not been waited for.
    pub(in crate::io) fn finish(self) -> io::Result<()> {
        let all = self.together.as_ref();
        all.map_or(Ok(()), |all| wait_for_all(&all.folder))
    }
}

/// Does this with each file: with many, on all cores, and an error may come from any of them.
pub(in crate::io) fn each<T: Sync, E: Send>(
    files: &[T],
    change: impl Fn(&T) -> Result<(), E> + Sync,
) -> Result<(), E> {
    if files.len() > MANY {
        files.par_iter().try_for_each(&change)
    } else {
        files.iter().try_for_each(change)
    }
}

#[cfg(target_os = "linux")]
const CAN_WAIT_FOR_ALL: bool = true;

#[cfg(target_os = "linux")]
fn wait_for_all(folder: &File) -> io::Result<()> {
    Ok(rustix::fs::syncfs(folder)?)
}

/// Other systems say nothing of when it is done.
#[cfg(not(target_os = "linux"))]
const CAN_WAIT_FOR_ALL: bool = false;

#[cfg(not(target_os = "linux"))]
fn wait_for_all(folder: &File) -> io::Result<()> {
    folder.sync_all()
}
