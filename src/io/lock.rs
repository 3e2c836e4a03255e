//! One writer at a time: a lock on `larder/lock` in the work tree's git folder.
//!
//! The system frees it when the process ends, however it ends; so a lock is
//! never stale. Each linked work tree has a lock of its own.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::disk::{self, Naming};
use crate::io::signal;

/// How long to wait between two tries.
const PAUSE: Duration = Duration::from_millis(10);

/// The proof that this process is the only writer; freed on drop.
#[derive(Debug)]
pub struct Lock(File);

/// A program that another thread is about to start has the file open as well until
/// it begins: closing it here would free the lock only then.
impl Drop for Lock {
    fn drop(&mut self) {
        // Whatever fails here, the end of the process frees the lock.
        drop(self.0.unlock());
    }
}

impl Lock {
    /// Waits for the lock in `folder` (made if missing), at most `timeout`.
    pub(in crate::io) fn wait(folder: &Path, timeout: Duration) -> Result<Self, Stop> {
        if !folder.is_dir() {
            fs::create_dir_all(folder).naming("make", folder)?;
            disk::sync_parent(folder).naming("make", folder)?;
        }
        let path = folder.join("lock");
        let file = open(&path).naming("open", &path)?;
        let start = Instant::now();
        while !try_lock(&file, &path)? {
            if start.elapsed() >= timeout || signal::asked_to_stop() {
                return Err(Stop::fault(busy(timeout)));
            }
            sleep(PAUSE);
        }
        Ok(Self(file))
    }
}

/// True if another process writes at this moment.
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
        Err(TryLockError::Error(e)) => Err(e).naming("lock", path),
    }
}

fn busy(timeout: Duration) -> Diagnostic {
    let message = format!(
        "another `larder` has been writing to this repository for {} s",
        timeout.as_secs()
    );
    Diagnostic::error("busy", message).help("wait for it, or give `--lock-timeout SECONDS`")
}
