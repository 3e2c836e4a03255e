//! Racy entries: edits that git would overlook once larder has written the index.
//!
//! Git compares a file with its index entry by size and time, unless the file is as young
//! as the index file: then git compares the content. After larder has written the index,
//! the index is younger than all files, and an edit of the same size in the same second as
//! `git add` would stay unseen. So larder compares the content of those files first, and
//! smudges the entries that differ (git's word: their recorded size becomes zero).

use gix::index::entry::{Flags, Mode, Stat};
use gix::index::fs::Metadata;
use gix::index::{Entry, File as Index};

use crate::diagnostic::Stop;
use crate::io::disk::{self, WithPath};
use crate::io::workspace::CleanFilter;
use crate::io::workspace::{Git, git_error};
use crate::repo::RepoPath;

/// Smudges the racy entries whose files have been edited.
pub(super) fn smudge(git: &Git, index: &mut Index) -> Result<(), Stop> {
    let since = index.timestamp().unix_seconds();
    let options = git.repo().stat_options();
    let options = options.map_err(|e| git_error("git's configuration cannot be read", &e))?;
    let mut filter = None;
    let young = |entry: &Entry| is_file(entry) && i64::from(entry.stat.mtime.secs) >= since;
    let young: Vec<usize> = (0..index.entries().len())
        .filter(|&i| young(&index.entries()[i]))
        .collect();
    for i in young {
        let entry = &index.entries()[i];
        let Some(path) = path(entry, index) else {
            continue;
        };
        let file = git.root().join(path.as_str());
        let Ok(now) = Metadata::from_path_no_follow(&file) else {
            continue;
        };
        let looks_same = Stat::from_fs(&now).is_ok_and(|now| entry.stat.matches(&now, options));
        if !looks_same || now.is_symlink() {
            continue;
        }
        if filter.is_none() {
            filter = Some(CleanFilter::new(git)?);
        }
        let Some(filter) = &mut filter else {
            continue;
        };
        let Some(bytes) = disk::read(&file).with_path("read", &file)? else {
            continue;
        };
        let same = filter.id(&bytes, &path).is_ok_and(|id| id == entry.id);
        if !same {
            index.entries_mut()[i].stat.size = 0;
        }
    }
    Ok(())
}

/// True for a regular file that git compares with the work tree.
fn is_file(entry: &Entry) -> bool {
    let ignored = Flags::INTENT_TO_ADD | Flags::SKIP_WORKTREE | Flags::ASSUME_VALID;
    matches!(entry.mode, Mode::FILE | Mode::FILE_EXECUTABLE) && !entry.flags.intersects(ignored)
}

fn path(entry: &Entry, index: &Index) -> Option<RepoPath> {
    RepoPath::new(std::str::from_utf8(entry.path(index)).ok()?)
}
