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
use crate::io::disk::{self, Naming};
use crate::io::workspace::{Git, trouble};

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
        disk::make_folders(folder).naming("make", folder)?;
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
        fs::remove_dir(file).naming("remove", file)?;
    }
    disk::rename(value, file).naming("move", file)
}

/// Where the branch is now; where HEAD is, if there is no branch.
pub(super) fn value(git: &Git, branch: Option<&str>) -> Result<Option<ObjectId>, Stop> {
    let name = branch.unwrap_or("HEAD");
    let found = git.repo().try_find_reference(name);
    let found = found.map_err(|e| trouble("the branch cannot be read", &e))?;
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
    let line = line(git, base, commit, who, message);
    let repo = git.repo();
    let mut logs = vec![repo.git_dir().join("logs/HEAD")];
    logs.extend(branch.map(|name| repo.common_dir().join("logs").join(name)));
    logs.iter()
        .try_for_each(|log| append(git, log, &line, commit))
}

fn line(
    git: &Git,
    base: Option<ObjectId>,
    commit: ObjectId,
    who: SignatureRef<'_>,
    message: &str,
) -> Vec<u8> {
    let base = base.unwrap_or(ObjectId::null(git.repo().object_hash()));
    let mut line = format!("{base} {commit} {} <{}> ", who.name, who.email).into_bytes();
    line.extend_from_slice(who.time.as_bytes());
    line.push(b'\t');
    line.extend_from_slice(message.as_bytes());
    line.push(b'\n');
    line
}

fn append(git: &Git, log: &Path, line: &[u8], commit: ObjectId) -> Result<(), Stop> {
    let before = disk::read(log).naming("read", log)?;
    let wanted = before.is_some() || is_on(git);
    let moved = format!(" {commit} ");
    let last = before.as_deref().unwrap_or_default().trim_ascii_end();
    let last = last
        .rsplit(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let written = last
        .windows(moved.len())
        .any(|part| part == moved.as_bytes());
    if !wanted || written {
        return Ok(());
    }
    let folder = log.parent().unwrap_or(log);
    disk::make_folders(folder).naming("make", folder)?;
    let file = OpenOptions::new().append(true).create(true).open(log);
    let written = file.and_then(|mut file| {
        file.write_all(line)?;
        file.sync_all()?;
        disk::sync_parent(log)
    });
    written.naming("write", log)
}

/// Git keeps logs in every repository with a work tree unless told otherwise.
fn is_on(git: &Git) -> bool {
    let config = git.repo().config_snapshot();
    config
        .string("core.logAllRefUpdates")
        .is_none_or(|value| value == "always")
        || config.boolean("core.logAllRefUpdates").unwrap_or(true)
}
