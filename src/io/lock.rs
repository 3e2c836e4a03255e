//! The lock of larder itself: one writer at a time in each work tree.
//!
//! The lock is an `flock` on the file `larder/lock` in the work tree's git folder. The
//! system releases it when the process ends, however it ends, so the lock is never stale.
//! Each linked work tree has a lock of its own. Git's lock files are another matter:
//! `apply::lock_file`.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::disk::{self, WithPath};
use crate::io::signal;

/// The time between two attempts to take the lock.
const RETRY_DELAY: Duration = Duration::from_millis(10);

/// Proof that this process is the only writer in the work tree. Released on drop.
#[derive(Debug)]
pub struct Lock(File);

/// Unlocks explicitly: closing the file is not enough while a program that another
/// thread is starting still has the file open.
impl Drop for Lock {
    fn drop(&mut self) {
        // If unlocking fails, the end of the process releases the lock.
        drop(self.0.unlock());
    }
}

impl Lock {
    /// Waits for the lock in `folder`, at most `timeout`. Creates the folder if missing.
    pub(in crate::io) fn wait(folder: &Path, timeout: Duration) -> Result<Self, Stop> {
        if !folder.is_dir() {
            fs::create_dir_all(folder).with_path("create", folder)?;
            disk::sync_parent(folder).with_path("create", folder)?;
        }
        let path = folder.join("lock");
        let file = open(&path).with_path("open", &path)?;
        let start = Instant::now();
        while !try_lock(&file, &path)? {
            if start.elapsed() >= timeout || signal::asked_to_stop() {
                return Err(Stop::fault(busy(timeout)));
            }
            sleep(RETRY_DELAY);
        }
        Ok(Self(file))
    }
}

/// True if another process holds the lock in `folder`.
pub(in crate::io) fn is_held(folder: &Path) -> bool {
    let Ok(file) = File::open(folder.join("lock")) else {
        return false;
    };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
}

fn try_lock(file: &File, path: &Path) -> Result<bool, Stop> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(e)) => Err(e).with_path("lock", path),
    }
}

fn busy(timeout: Duration) -> Diagnostic {
    let message = format!(
        "another `larder` has been writing to this repository for {} s",
        timeout.as_secs()
    );
    Diagnostic::error("busy", message).help("wait for it, or pass `--lock-timeout SECONDS`")
}
