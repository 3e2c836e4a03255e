//! One `stat` of every file of git's index. It yields two things: the staged texts that
//! differ from the disk (the next commit takes them), and the stamps of unchanged files.

use std::collections::{HashMap, HashSet};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

use gix::index::Entry;
use gix::index::entry::{Flags, Mode, Stat, stat};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rustix::fs::{AtFlags, FileType, Mode as Permissions, OFlags};

use super::disk_loader::MAX_FILE_SIZE;
use super::git::Git;
use super::git_error::git_error;
use crate::diagnostic::Stop;
use crate::io::clock;
use crate::io::disk::{self, WithPath};
use crate::repo::{RepoPath, Stamp};

/// The age from which a file counts as at rest: more than the resolution of any file
/// system's clock (FAT: two seconds).
const MIN_AGE: Duration = Duration::from_secs(3);

/// The state of the files of an index on the disk.
pub(super) struct StatScan {
    /// The staged texts of files that are deleted or edited in the work tree.
    pub(super) staged: Vec<(RepoPath, String)>,
    /// The stamp of each file of the index, in order; `None` for one that is not at rest.
    pub(super) stamps: Vec<Option<Stamp>>,
}

/// Scans these files of the index, which are in order of their paths.
///
/// # Errors
/// When git's configuration or the work tree cannot be read.
pub(super) fn scan(git: &Git, files: &[(RepoPath, &Entry)]) -> Result<StatScan, Stop> {
    let options = git.repo().stat_options();
    let options = options.map_err(|e| git_error("git's configuration cannot be read", &e))?;
    let root = git.root();
    let flags = OFlags::DIRECTORY | OFlags::CLOEXEC;
    let opened = rustix::fs::open(root, flags, Permissions::empty());
    let scanner = Scanner {
        root: opened.map_err(Into::into).with_path("open", root)?,
        real_folders: real_folders(root, files),
        options,
        now: clock::now(),
    };
    let stats: Vec<FileStat> = files.par_iter().map(|file| scanner.stat(file)).collect();
    let differing = files.iter().zip(&stats).filter(|(_, stat)| stat.differs);
    let text = |(path, entry): &(RepoPath, &Entry)| Some((path.clone(), text(git, entry)?));
    Ok(StatScan {
        staged: differing.filter_map(|(file, _)| text(file)).collect(),
        stamps: stats.into_iter().map(|stat| stat.stamp).collect(),
    })
}

struct Scanner<'f> {
    root: OwnedFd,
    real_folders: HashSet<&'f str>,
    options: stat::Options,
    now: Duration,
}

/// The state of one file.
struct FileStat {
    /// The file is deleted or edited since it was staged.
    differs: bool,
    stamp: Option<Stamp>,
}

impl Scanner<'_> {
    fn stat(&self, (path, entry): &(RepoPath, &Entry)) -> FileStat {
        let is_file = matches!(entry.mode, Mode::FILE | Mode::FILE_EXECUTABLE);
        let is_new = entry.flags.contains(Flags::INTENT_TO_ADD);
        let stat = is_file.then(|| self.lstat(path)).flatten();
        // Its text is that of git, so there is no other.
        let is_left_out = stat.is_none() && entry.flags.contains(Flags::SKIP_WORKTREE);
        let is_same = |stat: &_| entry.stat.matches(&index_stat(stat), self.options);
        FileStat {
            differs: is_file && !is_new && !is_left_out && !stat.as_ref().is_some_and(is_same),
            stamp: stat.and_then(|stat| self.stamp(&stat)),
        }
    }

    /// The `lstat` of a path; `None` behind a symbolic link: like git, larder does not
    /// take such a file for a file of the tree.
    fn lstat(&self, path: &RepoPath) -> Option<rustix::fs::Stat> {
        let is_real = self.real_folders.contains(path.parent_text());
        let stat = || rustix::fs::statat(&self.root, path.as_str(), AtFlags::SYMLINK_NOFOLLOW);
        is_real.then(|| stat().ok())?
    }

    /// The stamp of a regular file; `None` if it was changed a moment ago.
    fn stamp(&self, stat: &rustix::fs::Stat) -> Option<Stamp> {
        let is_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
        let stamp = Stamp {
            device: device(stat),
            inode: stat.st_ino,
            size: u64::try_from(stat.st_size).ok()?,
            modified: time(stat.st_mtime, stat.st_mtime_nsec)?,
            changed: time(stat.st_ctime, stat.st_ctime_nsec)?,
        };
        let is_at_rest = stamp.modified.max(stamp.changed) + MIN_AGE < self.now;
        (is_file && is_at_rest).then_some(stamp)
    }
}

#[cfg(target_os = "linux")]
fn device(stat: &rustix::fs::Stat) -> u64 {
    stat.st_dev
}

#[cfg(not(target_os = "linux"))]
#[expect(
    clippy::cast_sign_loss,
    reason = "a number to be compared, whatever it is"
)]
fn device(stat: &rustix::fs::Stat) -> u64 {
    stat.st_dev as u64
}

fn time(seconds: i64, nanoseconds: impl TryInto<u32>) -> Option<Duration> {
    let nanoseconds = nanoseconds.try_into().ok()?;
    Some(Duration::new(u64::try_from(seconds).ok()?, nanoseconds))
}

/// The `stat` as git's index stores it, truncated to 32 bits.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "as git does"
)]
fn index_stat(stat: &rustix::fs::Stat) -> Stat {
    let time = |time: Option<Duration>| {
        let time = time.unwrap_or_default();
        stat::Time {
            secs: time.as_secs() as u32,
            nsecs: time.subsec_nanos(),
        }
    };
    Stat {
        mtime: time(self::time(stat.st_mtime, stat.st_mtime_nsec)),
        ctime: time(self::time(stat.st_ctime, stat.st_ctime_nsec)),
        dev: stat.st_dev as u32,
        ino: stat.st_ino as u32,
        uid: stat.st_uid,
        gid: stat.st_gid,
        size: stat.st_size as u32,
    }
}

/// The parent folders of these files whose paths have no symbolic link. To list a folder
/// costs less than one `stat` for each folder in it.
fn real_folders<'f>(root: &Path, files: &'f [(RepoPath, &Entry)]) -> HashSet<&'f str> {
    let mut real = HashSet::from([""]);
    let mut listed: HashMap<&str, HashSet<String>> = HashMap::new();
    for (path, _) in files {
        let mut dir = path.parent_text();
        let mut below = Vec::new();
        while !real.contains(dir) {
            below.push(dir);
            dir = dir.rsplit_once('/').map_or("", |(parent, _)| parent);
        }
        while let Some(dir) = below.pop() {
            let (parent, name) = dir.rsplit_once('/').unwrap_or(("", dir));
            let list = || disk::folders_in(&root.join(parent)).unwrap_or_default();
            let folders = listed.entry(parent).or_insert_with(list);
            if !folders.contains(name) || name == ".git" {
                break;
            }
            real.insert(dir);
        }
    }
    real
}

/// The staged text of an entry; `None` if it is not text, too large, or missing, as in a
/// partial clone.
fn text(git: &Git, entry: &Entry) -> Option<String> {
    let size = git.repo().find_header(entry.id).ok()?.size();
    let mut blob = (size <= MAX_FILE_SIZE).then(|| git.repo().find_blob(entry.id).ok())??;
    String::from_utf8(blob.take_data()).ok()
}
