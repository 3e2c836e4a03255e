//! Moves the branch: the commit point of a transaction with a git commit.
//!
//! The protocol is git's own: take the locks, check that the branch is still at its old
//! commit, rename the new value into place, release the locks.

use std::fs;
use std::path::{Path, PathBuf};

use gix::ObjectId;

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::apply::lock_file;
use crate::io::disk::{self, WithPath};
use crate::io::workspace::{Git, git_error};

/// The reference files of HEAD and of `branch`, HEAD first.
fn ref_files(git: &Git, branch: Option<&str>) -> Vec<PathBuf> {
    let head = git.repo().git_dir().join("HEAD");
    let branch = branch.map(|name| git.repo().common_dir().join(name));
    [Some(head), branch].into_iter().flatten().collect()
}

/// Takes the locks of HEAD and of the branch.
///
/// # Errors
/// When git holds one of them, or when HEAD is not at `base` of `branch` any more.
pub(super) fn lock(
    git: &Git,
    token: &Path,
    branch: Option<&str>,
    base: Option<ObjectId>,
) -> Result<(), Stop> {
    for file in ref_files(git, branch) {
        let folder = file.parent().unwrap_or(&file);
        disk::create_folders(folder).with_path("create", folder)?;
        lock_file::acquire(token, &file)?;
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

/// Releases the locks of HEAD and of the branch that are ours.
pub(super) fn unlock(git: &Git, token: &Path, branch: Option<&str>) -> Result<(), Stop> {
    let mut files = ref_files(git, branch);
    files.reverse();
    files
        .iter()
        .try_for_each(|file| lock_file::release(token, file))
}

/// The commit point: renames the file `value`, which contains the id of the new commit, to
/// the reference file of the branch; to HEAD where HEAD is detached.
pub(super) fn move_branch(git: &Git, value: &Path, branch: Option<&str>) -> Result<(), Stop> {
    let files = ref_files(git, branch);
    let Some(file) = files.last() else {
        return Ok(());
    };
    if file.is_dir() {
        // An empty folder of deleted branches: `topic/` where the branch is `topic`.
        fs::remove_dir(file).with_path("remove", file)?;
    }
    disk::rename(value, file).with_path("move", file)
}

/// The commit of the branch now; of HEAD if `branch` is `None`.
pub(super) fn tip(git: &Git, branch: Option<&str>) -> Result<Option<ObjectId>, Stop> {
    let name = branch.unwrap_or("HEAD");
    let found = git.repo().try_find_reference(name);
    let found = found.map_err(|e| git_error("the branch cannot be read", &e))?;
    Ok(found.and_then(|reference| reference.try_id().map(gix::Id::detach)))
}
