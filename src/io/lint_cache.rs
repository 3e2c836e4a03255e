//! The lint cache, in the work tree's own git folder: `larder/cache`.
//!
//! It is never needed: whatever is wrong with it, or with writing it, makes the run
//! slower and nothing else. It may be deleted at any time.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::thread;

use sha2::{Digest, Sha256};

use crate::io::disk;
use crate::io::workspace::Workspace;
use crate::lint::LintCache;
use crate::repo::Repo;

/// Each build has a file of its own: another finds out something else.
const FILE: &str = concat!(
    "lint-",
    env!("CARGO_PKG_VERSION"),
    "-",
    env!("LARDER_BUILD")
);

/// More than 100,000 files need; a larger one is neither written nor read.
const LIMIT: usize = 64 << 20;

const HASH: usize = 32;

/// What an earlier run of this build has left; nothing, without git. It is read
/// while `work` is done, on a thread of its own.
pub fn load_during<T>(workspace: &Workspace, work: impl FnOnce() -> T) -> (LintCache, T) {
    let file = folder(workspace).map(|folder| folder.join(FILE));
    thread::scope(|scope| {
        let cache = scope.spawn(|| file.and_then(|file| load(&file)));
        let done = work();
        let cache = cache.join().ok().flatten();
        (cache.unwrap_or_else(LintCache::persistent), done)
    })
}

fn load(file: &Path) -> Option<LintCache> {
    let about = disk::metadata(file).ok()??;
    let is_ours = about.is_file() && about.len() <= LIMIT as u64;
    let mut bytes = disk::read(file).ok()?.filter(|_| is_ours)?;
    let (body, hash) = bytes.split_at_checked(bytes.len().checked_sub(HASH)?)?;
    if hash != checksum(body) {
        return None;
    }
    bytes.truncate(body.len());
    LintCache::from_bytes(bytes)
}

/// Stores what this run knows, if that is more than was stored.
pub fn store(workspace: &Workspace, cache: &LintCache, repo: &Repo) {
    let stored = || {
        let folder = folder(workspace)?;
        let body = cache.to_bytes(repo)?;
        let fits = body.len() <= LIMIT - HASH;
        fits.then(|| write(&folder, &body).ok())?
    };
    // Nobody misses it: the next run is as slow as this one was.
    let _: Option<()> = stored();
}

fn folder(workspace: &Workspace) -> Option<PathBuf> {
    let git = workspace.git().ok()?;
    Some(git.larder_dir().join("cache"))
}

/// Under a name of its own first: another larder may be reading, or writing too.
fn write(folder: &Path, body: &[u8]) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new()
        .prefix("new-")
        .tempfile_in(folder)?;
    file.write_all(body)?;
    file.write_all(&checksum(body))?;
    file.persist(folder.join(FILE))?;
    remove_others(folder)
}

/// What other builds have left, and what was cut short.
fn remove_others(folder: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let is_others = name.to_str().is_some_and(|name| name.starts_with("lint-")) && name != FILE;
        let is_old = || {
            let changed = entry.metadata().and_then(|about| about.modified());
            let age = changed.ok().and_then(|changed| changed.elapsed().ok());
            age.is_some_and(|age| age.as_secs() > 3600)
        };
        if is_others || is_old() && name != FILE {
            disk::remove(&entry.path())?;
        }
    }
    Ok(())
}

fn checksum(body: &[u8]) -> [u8; HASH] {
    Sha256::digest(body).into()
}
