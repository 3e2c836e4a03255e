//! Checks the path of a file on the disk before the file is written.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::fs::{self, Metadata};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use rustix::fs::Access;

use super::folders::{FineFolders, has_no_write_bit, is_writable_folder, nearest_folder};
use super::target::{Target, is_deleted, refuse};
use super::tracked::IN_SUBMODULE;
use crate::diagnostic::Stop;
use crate::io::disk::{self, WithPath};
use crate::io::workspace::Tree;
use crate::plan::{Change, Plan};
use crate::repo::RepoPath;

/// The file of a change as it is on the disk.
///
/// # Errors
/// When the file is not as planned, or cannot be written.
pub(super) fn target(
    tree: Tree<'_>,
    plan: &Plan,
    folders: &FineFolders,
    path: &RepoPath,
    change: &Change,
) -> Result<Target, Stop> {
    let is_in_fine_folder = folders.has(&path.parent());
    if is_in_fine_folder {
        refuse_gits(path)?;
    } else {
        check_folders_above(tree, plan, path)?;
    }
    let (real, found) = follow_link(tree, path, change)?;
    let absolute = tree.root().join(real.as_str());
    let [before, after] = change.texts();
    let target = Target {
        shown: tree.shown(path),
        before,
        after,
        mode: found.as_ref().map(permissions),
        moved_mode: moved_mode(tree, plan, path)?,
        path: real,
        may_be_dirty: false,
    };
    check_as_planned(&target, &absolute, found.as_ref())?;
    check_writable(&target, &absolute, found.as_ref())?;
    if !is_in_fine_folder || target.path != *path {
        check_writable_folder(&target, &absolute)?;
    }
    Ok(target)
}

fn permissions(metadata: &Metadata) -> u32 {
    metadata.permissions().mode() & 0o7777
}

/// A file that moves keeps its permissions.
fn moved_mode(tree: Tree<'_>, plan: &Plan, path: &RepoPath) -> Result<Option<u32>, Stop> {
    let Some((from, _)) = plan.moved.iter().find(|(_, to)| to == path) else {
        return Ok(None);
    };
    let from = tree.root().join(from.as_str());
    let found = disk::metadata(&from).with_path("access", &from)?;
    Ok(found.as_ref().map(permissions))
}

/// Refuses a path that leaves this repository, or whose parent is not a folder.
pub(super) fn check_folders_above(
    tree: Tree<'_>,
    plan: &Plan,
    path: &RepoPath,
) -> Result<(), Stop> {
    refuse_gits(path)?;
    let mut folder = path.parent();
    while !folder.as_str().is_empty() {
        check_folder_above(tree, plan, path, &folder)?;
        folder = folder.parent();
    }
    Ok(())
}

fn refuse_gits(path: &RepoPath) -> Result<(), Stop> {
    let mut parts = path.as_str().split('/');
    if parts.any(|part| part.eq_ignore_ascii_case(".git")) {
        let message = format!("`{path}` belongs to git");
        return Err(refuse("git-folder", message, path).into());
    }
    Ok(())
}

fn check_folder_above(
    tree: Tree<'_>,
    plan: &Plan,
    path: &RepoPath,
    folder: &RepoPath,
) -> Result<(), Stop> {
    let absolute = tree.root().join(folder.as_str());
    let shown = tree.shown(folder);
    let refused = |code, message| Err(refuse(code, message, path).into());
    match disk::metadata(&absolute).with_path("access", &absolute)? {
        None => Ok(()),
        Some(it) if it.is_symlink() => {
            let message = format!(
                "`{}` is behind the symbolic link `{shown}`",
                tree.shown(path)
            );
            refused("behind-link", message)
        }
        Some(it) if it.is_dir() && absolute.join(".git").exists() => {
            let message = format!("`{}` is in the submodule `{shown}`", tree.shown(path));
            let refused = refuse("in-submodule", message, path);
            Err(refused.help(IN_SUBMODULE).into())
        }
        Some(it) if it.is_dir() || is_deleted(plan, folder.as_str()) => Ok(()),
        Some(_) => refused("not-a-folder", format!("`{shown}` is a file, not a folder")),
    }
}

/// The path of the file that is written, and what is there: the target of a link in the work
/// tree, or `path`.
fn follow_link(
    tree: Tree<'_>,
    path: &RepoPath,
    change: &Change,
) -> Result<(RepoPath, Option<Metadata>), Stop> {
    let at = |path: &RepoPath| {
        let absolute = tree.root().join(path.as_str());
        disk::metadata(&absolute).with_path("access", &absolute)
    };
    let found = at(path)?;
    if !found.as_ref().is_some_and(Metadata::is_symlink)
        || matches!(change, Change::Create { .. } | Change::Gone)
    {
        return Ok((path.clone(), found));
    }
    let shown = tree.shown(path);
    if matches!(change, Change::Delete { .. }) {
        let message = format!("`{shown}` is a symbolic link");
        return Err(refuse("is-a-link", message, path)
            .help(format!("rm {shown}"))
            .into());
    }
    let real = tree.locate(tree.root(), Path::new(path.as_str()));
    let real = real.filter(|real| real != path && !real.as_str().starts_with(".git/"));
    let real = real.ok_or_else(|| {
        let message = format!("`{shown}` is a symbolic link that leaves the work tree");
        Stop::from(refuse("behind-link", message, path))
    })?;
    let found = at(&real)?;
    Ok((real, found))
}

/// Refuses a file that is not as it was when the plan was made.
fn check_as_planned(target: &Target, path: &Path, found: Option<&Metadata>) -> Result<(), Stop> {
    let shown = &target.shown;
    let (code, message) = match (&target.before, found) {
        (None, None) => return Ok(()),
        (None, Some(it)) if it.is_dir() => ("already-exists", format!("`{shown}` is a folder")),
        (None, Some(_)) => ("already-exists", format!("`{shown}` exists already")),
        (Some(_), None) => ("changed-on-disk", format!("`{shown}` is gone")),
        (Some(_), Some(it)) if !it.is_file() => {
            ("not-a-file", format!("`{shown}` is not a regular file"))
        }
        (Some(before), Some(_)) => {
            if fs::read(path).with_path("read", path)? == before.as_bytes() {
                return Ok(());
            }
            (
                "changed-on-disk",
                format!("`{shown}` has changed on the disk meanwhile"),
            )
        }
    };
    let refused = refuse(code, message, &target.path);
    Err(match code {
        "already-exists" => refused
            .help(format!("move it away: `mv {shown} {shown}.old`"))
            .into(),
        "changed-on-disk" => refused.help("run the command again").into(),
        _ => refused.into(),
    })
}

fn check_writable(target: &Target, path: &Path, found: Option<&Metadata>) -> Result<(), Stop> {
    if found.is_some_and(|it| is_read_only(it, path)) {
        let message = format!("`{}` is read-only", target.shown);
        let help = format!("chmod u+w {}", target.shown);
        return Err(refuse("read-only", message, &target.path).help(help).into());
    }
    Ok(())
}

fn check_writable_folder(target: &Target, path: &Path) -> Result<(), Stop> {
    let folder = nearest_folder(path);
    if is_writable_folder(&folder) {
        return Ok(());
    }
    let message = format!("the folder `{}` cannot be written to", folder.display());
    Err(refuse("read-only", message, &target.path).into())
}

/// True if the file has no write permission, even where the system would let root write.
fn is_read_only(metadata: &Metadata, path: &Path) -> bool {
    has_no_write_bit(metadata) || rustix::fs::access(path, Access::WRITE_OK).is_err()
}
