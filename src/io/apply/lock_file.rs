//! Git's lock files (`index.lock`, `HEAD.lock`), taken so that a crash leaves none of
//! unknown origin.
//!
//! Git takes a lock by creating a file that did not exist. larder takes the lock by a
//! hard link to the *lock token*, a file of the journal: the lock file has its whole
//! content from the first moment, and after a crash the content tells who holds it.
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

/// How long to wait for a lock that git holds: git holds its locks for a moment only.
const TIMEOUT: Duration = Duration::from_secs(2);
/// The time between two attempts to take the lock.
const RETRY_DELAY: Duration = Duration::from_millis(10);

/// The path of the lock file of one of git's files.
pub(super) fn lock_path(file: &Path) -> PathBuf {
    let mut lock = file.as_os_str().to_owned();
    lock.push(".lock");
    lock.into()
}

/// Takes the lock of `file`, with the content of `token`. Waits at most two seconds.
pub(super) fn acquire(token: &Path, file: &Path) -> Result<(), Stop> {
    let lock = lock_path(file);
    let start = Instant::now();
    loop {
        match link(token, &lock) {
            Ok(()) => return disk::sync_parent(&lock).with_path("write", &lock),
            Err(e) if e.kind() != ErrorKind::AlreadyExists => {
                return Err(e).with_path("create", &lock);
            }
            Err(_) if is_ours(token, file)? => return Ok(()),
            Err(_) if start.elapsed() > TIMEOUT => return Err(busy(&lock)),
            Err(_) => sleep(RETRY_DELAY),
        }
    }
}

/// Releases the lock of `file` if it is ours. The removal is synced before the journal
/// goes: afterwards nothing tells who held the lock.
pub(super) fn release(token: &Path, file: &Path) -> Result<(), Stop> {
    if !is_ours(token, file)? {
        return Ok(());
    }
    let lock = lock_path(file);
    let removed = disk::remove(&lock).and_then(|()| disk::sync_parent(&lock));
    removed.with_path("remove", &lock)
}

/// True if the lock file of `file` has the content of our token.
pub(super) fn is_ours(token: &Path, file: &Path) -> Result<bool, Stop> {
    let lock = lock_path(file);
    let content = disk::read(&lock).with_path("read", &lock)?;
    let ours = disk::read(token).with_path("read", token)?;
    Ok(content.is_some() && content == ours)
}

fn link(token: &Path, lock: &Path) -> io::Result<()> {
    match fs::hard_link(token, lock) {
        Err(e)
            if matches!(
                e.kind(),
                ErrorKind::PermissionDenied | ErrorKind::Unsupported
            ) =>
        {
            // A file system without hard links.
            disk::create(lock, &fs::read(token)?, 0o644)
        }
        linked => linked,
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
