//! Edits that git would overlook once we have written its index.
//!
//! Git trusts size and time of a file against its index entry, unless the file
//! is as young as the index itself: then it looks into the file. Writing the
//! index makes it younger than all files, and an edit of the same size in the
//! same second as `git add` would be lost from sight. So those files are looked
//! into now, and their entries marked as unknown where the file differs.

use gix::index::entry::{Flags, Mode, Stat};
use gix::index::fs::Metadata;
use gix::index::{Entry, File as Index};

use crate::diagnostic::Stop;
use crate::io::disk::{self, WithPath};
use crate::io::workspace::CleanFilter;
use crate::io::workspace::{Git, git_error};
use crate::repo::RepoPath;

/// Marks the entries whose file has been edited unseen.
pub(super) fn smudge(git: &Git, index: &mut Index) -> Result<(), Stop> {
    let since = index.timestamp().unix_seconds();
    let options = git.repo().stat_options();
    let options = options.map_err(|e| git_error("git's configuration cannot be read", &e))?;
    let mut cleaner = None;
    let young = |entry: &Entry| is_file(entry) && i64::from(entry.stat.mtime.secs) >= since;
    let young: Vec<usize> = (0..index.entries().len())
        .filter(|&i| young(&index.entries()[i]))
        .collect();
    for i in young {
        let entry = &index.entries()[i];
        let Some(path) = path(entry, index) else {
            continue;
        };
        let at = git.root().join(path.as_str());
        let Ok(now) = Metadata::from_path_no_follow(&at) else {
            continue;
        };
        let looks_same = Stat::from_fs(&now).is_ok_and(|now| entry.stat.matches(&now, options));
        if !looks_same || now.is_symlink() {
            continue;
        }
        if cleaner.is_none() {
            cleaner = Some(CleanFilter::new(git)?);
        }
        let Some(cleaner) = &mut cleaner else {
            continue;
        };
        let Some(bytes) = disk::read(&at).with_path("read", &at)? else {
            continue;
        };
        let same = cleaner.id(&bytes, &path).is_ok_and(|id| id == entry.id);
        if !same {
            index.entries_mut()[i].stat.size = 0;
        }
    }
    Ok(())
}

fn is_file(entry: &Entry) -> bool {
    let unseen = Flags::INTENT_TO_ADD | Flags::SKIP_WORKTREE | Flags::ASSUME_VALID;
    matches!(entry.mode, Mode::FILE | Mode::FILE_EXECUTABLE) && !entry.flags.intersects(unseen)
}

fn path(entry: &Entry, index: &Index) -> Option<RepoPath> {
    RepoPath::new(std::str::from_utf8(entry.path(index)).ok()?)
}
