//! Checks the path of a file on the disk before the file is written.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::fs::{self, Metadata};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::Access;

use super::target::{Target, is_deleted, refuse};
use super::tracked::IN_SUBMODULE;
use crate::diagnostic::Stop;
use crate::io::disk::{self, WithPath};
use crate::io::workspace::Workspace;
use crate::plan::{Change, Plan};
use crate::repo::RepoPath;

/// The file of a change as it is on the disk.
///
/// # Errors
/// When the file is not as planned, or cannot be written.
pub(super) fn target(
    ws: &Workspace,
    plan: &Plan,
    path: &RepoPath,
    change: &Change,
) -> Result<Target, Stop> {
    check_folders_above(ws, plan, path)?;
    let real = follow_link(ws, path, change)?;
    let absolute = ws.root().join(real.as_str());
    let found = disk::metadata(&absolute).with_path("access", &absolute)?;
    let target = Target {
        shown: ws.shown(path),
        before: change.before().map(Into::into),
        after: change.after().map(Into::into),
        mode: found.as_ref().map(permissions),
        moved_mode: moved_mode(ws, plan, path)?,
        path: real,
        may_be_dirty: false,
    };
    check_as_planned(&target, &absolute, found.as_ref())?;
    check_writable(&target, &absolute, found.as_ref())?;
    Ok(target)
}

fn permissions(metadata: &Metadata) -> u32 {
    metadata.permissions().mode() & 0o7777
}

/// A file that moves keeps its permissions.
fn moved_mode(ws: &Workspace, plan: &Plan, path: &RepoPath) -> Result<Option<u32>, Stop> {
    let Some((from, _)) = plan.moved.iter().find(|(_, to)| to == path) else {
        return Ok(None);
    };
    let from = ws.root().join(from.as_str());
    let found = disk::metadata(&from).with_path("access", &from)?;
    Ok(found.as_ref().map(permissions))
}

/// Refuses a path that leaves this repository, or whose parent is not a folder.
pub(super) fn check_folders_above(
    ws: &Workspace,
    plan: &Plan,
    path: &RepoPath,
) -> Result<(), Stop> {
    if path
        .as_str()
        .split('/')
        .any(|part| part.eq_ignore_ascii_case(".git"))
    {
        let message = format!("`{path}` belongs to git");
        return Err(refuse("git-folder", message, path).into());
    }
    let mut folder = path.parent();
    while !folder.as_str().is_empty() {
        check_folder_above(ws, plan, path, &folder)?;
        folder = folder.parent();
    }
    Ok(())
}

fn check_folder_above(
    ws: &Workspace,
    plan: &Plan,
    path: &RepoPath,
    folder: &RepoPath,
) -> Result<(), Stop> {
    let absolute = ws.root().join(folder.as_str());
    let shown = ws.shown(folder);
    let refused = |code, message| Err(refuse(code, message, path).into());
    match disk::metadata(&absolute).with_path("access", &absolute)? {
        None => Ok(()),
        Some(it) if it.is_symlink() => {
            let message = format!("`{}` is behind the symbolic link `{shown}`", ws.shown(path));
            refused("behind-link", message)
        }
        Some(it) if it.is_dir() && absolute.join(".git").exists() => {
            let message = format!("`{}` is in the submodule `{shown}`", ws.shown(path));
            let refused = refuse("in-submodule", message, path);
            Err(refused.help(IN_SUBMODULE).into())
        }
        Some(it) if it.is_dir() || is_deleted(plan, folder.as_str()) => Ok(()),
        Some(_) => refused("not-a-folder", format!("`{shown}` is a file, not a folder")),
    }
}

/// The path of the file that is written: the target of a link in the work tree, or `path`.
fn follow_link(ws: &Workspace, path: &RepoPath, change: &Change) -> Result<RepoPath, Stop> {
    let absolute = ws.root().join(path.as_str());
    let found = disk::metadata(&absolute).with_path("access", &absolute)?;
    if !found.is_some_and(|it| it.is_symlink())
        || matches!(change, Change::Create { .. } | Change::Gone)
    {
        return Ok(path.clone());
    }
    let shown = ws.shown(path);
    if matches!(change, Change::Delete { .. }) {
        let message = format!("`{shown}` is a symbolic link");
        return Err(refuse("is-a-link", message, path)
            .help(format!("rm {shown}"))
            .into());
    }
    let real = ws.locate(ws.root(), Path::new(path.as_str()));
    real.filter(|real| real != path && !real.as_str().starts_with(".git/"))
        .ok_or_else(|| {
            let message = format!("`{shown}` is a symbolic link that leaves the work tree");
            refuse("behind-link", message, path).into()
        })
}

/// Refuses a file that is not as it was when the plan was made.
fn check_as_planned(target: &Target, path: &Path, found: Option<&Metadata>) -> Result<(), Stop> {
    let shown = &target.shown;
    let (code, message) = match (&target.before, found) {
        (None, None) => return Ok(()),
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

/// True if files can be created in the folder.
pub(super) fn is_writable_folder(folder: &Path) -> bool {
    rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
        && !fs::metadata(folder).is_ok_and(|it| has_no_write_bit(&it))
}

fn has_no_write_bit(metadata: &Metadata) -> bool {
    metadata.permissions().mode() & 0o222 == 0
}

/// The nearest folder above `path` that exists.
pub(super) fn nearest_folder(path: &Path) -> PathBuf {
    let nearest = path.ancestors().skip(1).find(|dir| dir.is_dir());
    nearest.unwrap_or(Path::new("/")).to_owned()
}
