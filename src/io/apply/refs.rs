//! Moves the branch: the one step that makes a commit visible.
//!
//! Git's own protocol, with lock files that a crash cannot orphan: take the
//! locks, see that the branch is still where it was, rename the new value into
//! place, free the locks.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use gix::ObjectId;
use gix::actor::SignatureRef;

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::apply::held;
use crate::io::disk::{self, WithPath};
use crate::io::workspace::{Git, git_error};

/// The files that hold the value of `branch`, and of HEAD: HEAD's own first.
pub(super) fn files(git: &Git, branch: Option<&str>) -> Vec<PathBuf> {
    let head = git.repo().git_dir().join("HEAD");
    let branch = branch.map(|name| git.repo().common_dir().join(name));
    [Some(head), branch].into_iter().flatten().collect()
}

/// Takes the locks of HEAD and of the branch, and sees that they are where
/// `base` is.
pub(super) fn hold(
    git: &Git,
    note: &Path,
    branch: Option<&str>,
    base: Option<ObjectId>,
) -> Result<(), Stop> {
    for file in files(git, branch) {
        let folder = file.parent().unwrap_or(&file);
        disk::create_folders(folder).with_path("create", folder)?;
        held::hold(note, &file)?;
    }
    let head = git.head()?;
    if head.branch.as_deref() == branch && head.commit == base {
        return Ok(());
    }
    let message = "somebody else has committed to this branch meanwhile";
    Err(Diagnostic::error("branch-moved", message)
        .help("run the command again")
        .into())
}

/// Gives up the locks that are ours.
pub(super) fn release(git: &Git, note: &Path, branch: Option<&str>) -> Result<(), Stop> {
    let mut files = files(git, branch);
    files.reverse();
    files.iter().try_for_each(|file| held::release(note, file))
}

/// The commit point: the file `value`, which holds the new commit's name,
/// becomes the value of the branch.
pub(super) fn publish(git: &Git, value: &Path, branch: Option<&str>) -> Result<(), Stop> {
    let files = files(git, branch);
    let Some(file) = files.last() else {
        return Ok(());
    };
    if file.is_dir() {
        // Left over from branches whose names began like this one's.
        fs::remove_dir(file).with_path("remove", file)?;
    }
    disk::rename(value, file).with_path("move", file)
}

/// Where the branch is now; where HEAD is, if there is no branch.
pub(super) fn value(git: &Git, branch: Option<&str>) -> Result<Option<ObjectId>, Stop> {
    let name = branch.unwrap_or("HEAD");
    let found = git.repo().try_find_reference(name);
    let found = found.map_err(|e| git_error("the branch cannot be read", &e))?;
    Ok(found.and_then(|reference| reference.try_id().map(gix::Id::detach)))
}

/// Writes the move into git's logs of HEAD and of the branch, once.
pub(super) fn log(
    git: &Git,
    branch: Option<&str>,
    base: Option<ObjectId>,
    commit: ObjectId,
    message: &str,
) -> Result<(), Stop> {
    let Some(Ok(who)) = git.repo().committer() else {
        return Ok(());
    };
    let (start, rest) = line(git, base, commit, who, message);
    let repo = git.repo();
    let mut logs = vec![repo.git_dir().join("logs/HEAD")];
    logs.extend(branch.map(|name| repo.common_dir().join("logs").join(name)));
    logs.iter()
        .try_for_each(|log| append(git, log, &start, &rest))
}

/// A line of a log: the move, and who made it when and why.
fn line(
    git: &Git,
    base: Option<ObjectId>,
    commit: ObjectId,
    who: SignatureRef<'_>,
    message: &str,
) -> (Vec<u8>, Vec<u8>) {
    let base = base.unwrap_or(ObjectId::null(git.repo().object_hash()));
    let start = format!("{base} {commit} ");
    let mut rest = format!("{} <{}> ", who.name, who.email).into_bytes();
    rest.extend_from_slice(who.time.as_bytes());
    rest.push(b'\t');
    rest.extend_from_slice(message.as_bytes());
    rest.push(b'\n');
    (start.into_bytes(), rest)
}

fn append(git: &Git, log: &Path, start: &[u8], rest: &[u8]) -> Result<(), Stop> {
    let before = disk::read(log).with_path("read", log)?;
    let wanted = before.is_some() || is_on(git);
    let (whole, last) = split_last(before.as_deref().unwrap_or_default());
    let is_whole = last.ends_with(b"\n") && !last.contains(&0);
    if !wanted || is_whole && last.starts_with(start) {
        return Ok(());
    }
    let folder = log.parent().unwrap_or(log);
    disk::create_folders(folder).with_path("create", folder)?;
    let file = OpenOptions::new().append(true).create(true).open(log);
    let written = file.and_then(|mut file| {
        if !is_whole && is_torn(last, start) {
            file.set_len(whole.len() as u64)?;
        }
        file.write_all(&[start, rest].concat())?;
        file.sync_all()?;
        disk::sync_parent(log)
    });
    written.with_path("write", log)
}

/// The lines of a log but the last one, and that.
fn split_last(log: &[u8]) -> (&[u8], &[u8]) {
    let above = log.strip_suffix(b"\n").unwrap_or(log);
    let start = above.iter().rposition(|byte| *byte == b'\n');
    log.split_at(start.map_or(0, |at| at + 1))
}

/// True for what a power cut may have left of a line of ours: bytes that did not
/// reach the disk are missing, or read as zeros.
fn is_torn(last: &[u8], start: &[u8]) -> bool {
    let mut both = last.iter().zip(start);
    !last.is_empty() && both.all(|(is, was)| is == was || *is == 0)
}

/// Git keeps logs in every repository with a work tree unless told otherwise.
fn is_on(git: &Git) -> bool {
    let config = git.repo().config_snapshot();
    config
        .string("core.logAllRefUpdates")
        .is_none_or(|value| value == "always")
        || config.boolean("core.logAllRefUpdates").unwrap_or(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_ours_is_torn_where_bytes_are_missing_or_zeros() {
        for torn in ["1 2", "1 2 Ada", "\0\0\0\0Ada\n", "\0\0"] {
            assert!(is_torn(torn.as_bytes(), b"1 2 "), "{torn:?}");
        }
        for other in ["", "1 3", "2 1 Ada\n"] {
            assert!(!is_torn(other.as_bytes(), b"1 2 "), "{other:?}");
        }
    }

    #[test]
    fn the_last_line_is_what_no_line_follows() {
        for (log, last) in [("", ""), ("a\n", "a\n"), ("a\nb\n", "b\n"), ("a\nb", "b")] {
            let (above, found) = split_last(log.as_bytes());
            assert_eq!(found, last.as_bytes());
            assert_eq!([above, found].concat(), log.as_bytes());
        }
    }
}
