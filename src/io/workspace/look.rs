//! One look at every file of git's index, which says two things: what the next commit
//! takes though the disk has it no longer, and which files are as they were.

use std::collections::{HashMap, HashSet};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

use gix::index::Entry;
use gix::index::entry::{Flags, Mode, Stat, stat};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rustix::fs::{AtFlags, FileType, Mode as Permissions, OFlags};

use crate::diagnostic::Stop;
use crate::io::clock;
use crate::io::disk::{self, WithPath};
use crate::io::workspace::load::LIMIT;
use crate::io::workspace::{Git, trouble};
use crate::repo::{RepoPath, Stamp};

/// Longer than any file system goes without a new time (FAT: two seconds).
const REST: Duration = Duration::from_secs(3);

/// What the files of an index look like.
pub(super) struct Look {
    /// The staged texts of files that are gone or were edited since.
    pub(super) staged: Vec<(RepoPath, String)>,
    /// For each file of the index, what identifies it if it is at rest.
    pub(super) stamps: Vec<Option<Stamp>>,
}

/// Looks at these files of the index, which are in order.
///
/// # Errors
/// When git's configuration or the work tree cannot be read.
pub(super) fn look(git: &Git, files: &[(RepoPath, &Entry)]) -> Result<Look, Stop> {
    let options = git.repo().stat_options();
    let options = options.map_err(|e| trouble("git's configuration cannot be read", &e))?;
    let root = git.root();
    let flags = OFlags::DIRECTORY | OFlags::CLOEXEC;
    let opened = rustix::fs::open(root, flags, Permissions::empty());
    let glance = Glance {
        root: opened.map_err(Into::into).with_path("open", root)?,
        plain: plain_folders(root, files),
        options,
        now: clock::now(),
    };
    let seen: Vec<Seen> = files.par_iter().map(|file| glance.at(file)).collect();
    let differ = files.iter().zip(&seen).filter(|(_, seen)| seen.differs);
    let text = |(path, entry): &(RepoPath, &Entry)| Some((path.clone(), text(git, entry)?));
    Ok(Look {
        staged: differ.filter_map(|(file, _)| text(file)).collect(),
        stamps: seen.into_iter().map(|seen| seen.stamp).collect(),
    })
}

struct Glance<'f> {
    root: OwnedFd,
    plain: HashSet<&'f str>,
    options: stat::Options,
    now: Duration,
}

/// One file.
struct Seen {
    differs: bool,
    stamp: Option<Stamp>,
}

impl Glance<'_> {
    fn at(&self, (path, entry): &(RepoPath, &Entry)) -> Seen {
        let is_file = matches!(entry.mode, Mode::FILE | Mode::FILE_EXECUTABLE);
        let is_new = entry.flags.contains(Flags::INTENT_TO_ADD);
        let about = is_file.then(|| self.about(path)).flatten();
        let is_same = |about: &_| entry.stat.matches(&as_in_index(about), self.options);
        Seen {
            differs: is_file && !is_new && !about.as_ref().is_some_and(is_same),
            stamp: about.and_then(|about| self.stamp(&about)),
        }
    }

    /// As git does, what is behind a link is not taken for a file of the tree.
    fn about(&self, path: &RepoPath) -> Option<rustix::fs::Stat> {
        let is_plain = self.plain.contains(path.parent_text());
        let about = || rustix::fs::statat(&self.root, path.as_str(), AtFlags::SYMLINK_NOFOLLOW);
        is_plain.then(|| about().ok())?
    }

    /// What identifies a file; `None` for what is none, or was changed a moment ago.
    fn stamp(&self, about: &rustix::fs::Stat) -> Option<Stamp> {
        let is_file = FileType::from_raw_mode(about.st_mode) == FileType::RegularFile;
        let stamp = Stamp {
            device: about.st_dev,
            inode: about.st_ino,
            size: u64::try_from(about.st_size).ok()?,
            modified: time(about.st_mtime, about.st_mtime_nsec)?,
            changed: time(about.st_ctime, about.st_ctime_nsec)?,
        };
        let is_at_rest = stamp.modified.max(stamp.changed) + REST < self.now;
        (is_file && is_at_rest).then_some(stamp)
    }
}

fn time(seconds: i64, nanoseconds: impl TryInto<u32>) -> Option<Duration> {
    let nanoseconds = nanoseconds.try_into().ok()?;
    Some(Duration::new(u64::try_from(seconds).ok()?, nanoseconds))
}

/// What git's index has of a file, which is cut down to 32 bits.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "as git does"
)]
fn as_in_index(about: &rustix::fs::Stat) -> Stat {
    let time = |time: Option<Duration>| {
        let time = time.unwrap_or_default();
        stat::Time {
            secs: time.as_secs() as u32,
            nsecs: time.subsec_nanos(),
        }
    };
    Stat {
        mtime: time(self::time(about.st_mtime, about.st_mtime_nsec)),
        ctime: time(self::time(about.st_ctime, about.st_ctime_nsec)),
        dev: about.st_dev as u32,
        ino: about.st_ino as u32,
        uid: about.st_uid,
        gid: about.st_gid,
        size: about.st_size as u32,
    }
}

/// The folders of these files to which no link leads. To list what a folder has costs
/// less than to look at each folder in it.
fn plain_folders<'f>(root: &Path, files: &'f [(RepoPath, &Entry)]) -> HashSet<&'f str> {
    let mut plain = HashSet::from([""]);
    let mut listed: HashMap<&str, HashSet<String>> = HashMap::new();
    for (path, _) in files {
        let mut dir = path.parent_text();
        let mut below = Vec::new();
        while !plain.contains(dir) {
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
            plain.insert(dir);
        }
    }
    plain
}

/// What is not text holds no key that larder knows; an object that is missing (a
/// partial clone's) is not looked for elsewhere.
fn text(git: &Git, entry: &Entry) -> Option<String> {
    let size = git.repo().find_header(entry.id).ok()?.size();
    let mut blob = (size <= LIMIT).then(|| git.repo().find_blob(entry.id).ok())??;
    String::from_utf8(blob.take_data()).ok()
}
