//! Git's lock files, held so that a crash cannot leave one of unknown origin.
//!
//! Git takes a lock by making a file that was not there. larder takes it by a
//! hard link to a file of its journal: the lock is born whole, and after a crash
//! its words tell whose it is.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::disk::{self, WithPath};

/// How long git's own short locks are waited for.
const PATIENCE: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_millis(10);

/// The lock file beside a file of git's.
pub(super) fn lock_of(file: &Path) -> PathBuf {
    let mut lock = file.as_os_str().to_owned();
    lock.push(".lock");
    lock.into()
}

/// Takes the lock on `file` with the words in `note`, waiting a little.
pub(super) fn hold(note: &Path, file: &Path) -> Result<(), Stop> {
    let lock = lock_of(file);
    let start = Instant::now();
    loop {
        match link(note, &lock) {
            Ok(()) => return disk::sync_parent(&lock).with_path("write", &lock),
            Err(e) if e.kind() != ErrorKind::AlreadyExists => {
                return Err(e).with_path("create", &lock);
            }
            Err(_) if is_ours(note, file)? => return Ok(()),
            Err(_) if start.elapsed() > PATIENCE => return Err(busy(&lock)),
            Err(_) => sleep(PAUSE),
        }
    }
}

/// Frees the lock on `file` if it is ours. It is gone from the disk before the
/// journal is, whose words alone tell whose it was.
pub(super) fn release(note: &Path, file: &Path) -> Result<(), Stop> {
    if !is_ours(note, file)? {
        return Ok(());
    }
    let lock = lock_of(file);
    let removed = disk::remove(&lock).and_then(|()| disk::sync_parent(&lock));
    removed.with_path("remove", &lock)
}

/// True if the lock on `file` holds the words of our note.
pub(super) fn is_ours(note: &Path, file: &Path) -> Result<bool, Stop> {
    let lock = lock_of(file);
    let words = disk::read(&lock).with_path("read", &lock)?;
    let ours = disk::read(note).with_path("read", note)?;
    Ok(words.is_some() && words == ours)
}

fn link(note: &Path, lock: &Path) -> io::Result<()> {
    match fs::hard_link(note, lock) {
        Err(e)
            if matches!(
                e.kind(),
                ErrorKind::PermissionDenied | ErrorKind::Unsupported
            ) =>
        {
            // A disk without hard links.
            disk::create(lock, &fs::read(note)?, 0o644)
        }
        done => done,
    }
}

fn busy(lock: &Path) -> Stop {
    let message = format!(
        "another git process is at work: `{}` exists",
        lock.display()
    );
    let help = format!("wait for it; if no git runs, `rm {}`", lock.display());
    Stop::fault(Diagnostic::error("git-locked", message).help(help))
}
