//! What must be true of a path on the disk before a file is written there.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::fs::{self, Metadata};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rustix::fs::Access;

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::disk::{self, WithPath};
use crate::io::preflight::{Target, is_deleted, refuse};
use crate::io::workspace::Workspace;
use crate::plan::{Change, Plan, SecretPath};
use crate::repo::RepoPath;

/// The file that `change` is about, as it is on the disk.
pub(super) fn target(
    ws: &Workspace,
    plan: &Plan,
    path: &RepoPath,
    change: &Change,
) -> Result<Target, Stop> {
    folders_above(ws, plan, path)?;
    let real = followed(ws, path, change)?;
    let at = ws.root().join(real.as_str());
    let there = disk::metadata(&at).with_path("access", &at)?;
    let target = Target {
        shown: ws.shown(path),
        before: change.before().map(Into::into),
        after: change.after().map(Into::into),
        mode: there.as_ref().map(|it| it.permissions().mode() & 0o7777),
        path: real,
        may_be_dirty: false,
    };
    as_planned(&target, &at, there.as_ref())?;
    writable(&target, &at, there.as_ref())?;
    Ok(target)
}

/// What stands against the places of the plan's secrets.
pub(super) fn secrets(ws: &Workspace, plan: &Plan) -> Result<Vec<Diagnostic>, Stop> {
    let mut refused = Vec::new();
    for secret in &plan.secrets {
        match secret_place(ws, plan, &secret.path) {
            Ok(()) => {}
            Err(Stop::Refused(more)) => refused.extend(more),
            Err(fault) => return Err(fault),
        }
    }
    Ok(refused)
}

fn secret_place(ws: &Workspace, plan: &Plan, place: &SecretPath) -> Result<(), Stop> {
    let path = match place {
        SecretPath::Outside(path) => outside(ws, path)?,
        SecretPath::Ignored(path) => {
            folders_above(ws, plan, path)?;
            ignored(ws, plan, path)?;
            ws.root().join(path.as_str())
        }
    };
    if disk::metadata(&path).with_path("access", &path)?.is_some() {
        let message = format!(
            "`{}` exists already: no key is written over it",
            path.display()
        );
        return Err(Diagnostic::error("already-exists", message).into());
    }
    let folder = nearest_folder(&path);
    if !may_write(&folder) {
        let message = format!("the folder `{}` cannot be written to", folder.display());
        return Err(Diagnostic::error("read-only", message).into());
    }
    Ok(())
}

fn outside(ws: &Workspace, path: &Path) -> Result<PathBuf, Stop> {
    let inside = ws.locate(Path::new("/"), path).is_some();
    if path.is_absolute() && !inside {
        return Ok(path.to_owned());
    }
    let message = format!("`{}` is not outside the work tree", path.display());
    Err(Diagnostic::error("secret-in-work-tree", message).into())
}

fn ignored(ws: &Workspace, plan: &Plan, path: &RepoPath) -> Result<(), Stop> {
    let by_plan = |(at, _): &(RepoPath, Change)| at.file_name() == ".gitignore";
    if ws.ignored_by(path)?.is_some() || plan.changes.iter().any(by_plan) {
        return Ok(());
    }
    let message = format!(
        "git does not ignore `{}`: a private key is never put there",
        ws.shown(path)
    );
    let help = format!("echo '/{path}' >> .gitignore");
    Err(refuse("secret-not-ignored", message, path)
        .help(help)
        .into())
}

/// Refuses a path that leads out of this repository.
fn folders_above(ws: &Workspace, plan: &Plan, path: &RepoPath) -> Result<(), Stop> {
    if path
        .as_str()
        .split('/')
        .any(|part| part.eq_ignore_ascii_case(".git"))
    {
        let message = format!("`{path}` is git's own");
        return Err(refuse("git-folder", message, path).into());
    }
    let mut folder = path.parent();
    while !folder.as_str().is_empty() {
        folder_above(ws, plan, path, &folder)?;
        folder = folder.parent();
    }
    Ok(())
}

fn folder_above(
    ws: &Workspace,
    plan: &Plan,
    path: &RepoPath,
    folder: &RepoPath,
) -> Result<(), Stop> {
    let at = ws.root().join(folder.as_str());
    let shown = ws.shown(folder);
    let said = |code, message| Err(refuse(code, message, path).into());
    match disk::metadata(&at).with_path("access", &at)? {
        None => Ok(()),
        Some(it) if it.is_symlink() => {
            let message = format!(
                "`{}` lies behind the symbolic link `{shown}`",
                ws.shown(path)
            );
            said("behind-link", message)
        }
        Some(it) if it.is_dir() && at.join(".git").exists() => {
            let message = format!("`{}` is in the submodule `{shown}`", ws.shown(path));
            said("in-submodule", message)
        }
        Some(it) if it.is_dir() || is_deleted(plan, folder.as_str()) => Ok(()),
        Some(_) => said("not-a-folder", format!("`{shown}` is a file, not a folder")),
    }
}

/// The file that is really written: what a link in the work tree leads to.
fn followed(ws: &Workspace, path: &RepoPath, change: &Change) -> Result<RepoPath, Stop> {
    let at = ws.root().join(path.as_str());
    let there = disk::metadata(&at).with_path("access", &at)?;
    if !there.is_some_and(|it| it.is_symlink()) || matches!(change, Change::Create { .. }) {
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

fn as_planned(target: &Target, at: &Path, there: Option<&Metadata>) -> Result<(), Stop> {
    let shown = &target.shown;
    let (code, message) = match (&target.before, there) {
        (None, None) => return Ok(()),
        (None, Some(_)) => ("already-exists", format!("`{shown}` exists already")),
        (Some(_), None) => ("changed-on-disk", format!("`{shown}` is gone")),
        (Some(_), Some(it)) if !it.is_file() => {
            ("not-a-file", format!("`{shown}` is not a regular file"))
        }
        (Some(before), Some(_)) => {
            if fs::read(at).with_path("read", at)? == before.as_bytes() {
                return Ok(());
            }
            (
                "changed-on-disk",
                format!("`{shown}` has changed on the disk meanwhile"),
            )
        }
    };
    let said = refuse(code, message, &target.path);
    Err(match code {
        "changed-on-disk" => said.help("run the command again").into(),
        _ => said.into(),
    })
}

fn writable(target: &Target, at: &Path, there: Option<&Metadata>) -> Result<(), Stop> {
    if there.is_some_and(|it| is_read_only(it, at)) {
        let message = format!("`{}` is read-only", target.shown);
        let help = format!("chmod u+w {}", target.shown);
        return Err(refuse("read-only", message, &target.path).help(help).into());
    }
    let folder = nearest_folder(at);
    if may_write(&folder) {
        return Ok(());
    }
    let message = format!("the folder `{}` cannot be written to", folder.display());
    Err(refuse("read-only", message, &target.path).into())
}

/// The system lets root write what is marked read-only; its owner meant it.
fn is_read_only(it: &Metadata, at: &Path) -> bool {
    it.permissions().mode() & 0o222 == 0 || rustix::fs::access(at, Access::WRITE_OK).is_err()
}

fn may_write(folder: &Path) -> bool {
    let read_only = |it: &Metadata| it.permissions().mode() & 0o222 == 0;
    rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
        && !fs::metadata(folder).is_ok_and(|it| read_only(&it))
}

/// The nearest folder above `path` that exists.
pub(in crate::io) fn nearest_folder(path: &Path) -> PathBuf {
    let exists = path.ancestors().skip(1).find(|dir| dir.is_dir());
    exists.unwrap_or(Path::new("/")).to_owned()
}
