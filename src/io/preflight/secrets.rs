//! Checks the paths of new private keys.

use std::path::{Path, PathBuf};

use super::files::check_folders_above;
use super::folders::{is_writable_folder, nearest_folder};
use super::target::refuse;
use crate::diagnostic::{Diagnostic, Stop};
use crate::io::disk::{self, WithPath};
use crate::io::workspace::Workspace;
use crate::plan::{Change, Plan, SecretPath};
use crate::repo::RepoPath;

/// The obstacles at the paths of the plan's private keys.
pub(super) fn check(ws: &Workspace, plan: &Plan) -> Result<Vec<Diagnostic>, Stop> {
    let mut refused = Vec::new();
    for secret in &plan.secrets {
        match check_path(ws, plan, &secret.path) {
            Ok(()) => {}
            Err(Stop::Refused(more)) => refused.extend(more),
            Err(fault) => return Err(fault),
        }
    }
    Ok(refused)
}

fn check_path(ws: &Workspace, plan: &Plan, path: &SecretPath) -> Result<(), Stop> {
    let path = match path {
        SecretPath::Outside(path) => outside(ws, path)?,
        SecretPath::Ignored(path) => {
            check_folders_above(ws.tree(), plan, path)?;
            check_ignored(ws, plan, path)?;
            ws.root().join(path.as_str())
        }
    };
    if disk::metadata(&path).with_path("access", &path)?.is_some() {
        let message = format!(
            "`{}` exists already: a key never overwrites a file",
            path.display()
        );
        return Err(Diagnostic::error("already-exists", message).into());
    }
    let folder = nearest_folder(&path);
    if !is_writable_folder(&folder) {
        let message = format!("the folder `{}` cannot be written to", folder.display());
        return Err(Diagnostic::error("read-only", message).into());
    }
    Ok(())
}

fn outside(ws: &Workspace, path: &Path) -> Result<PathBuf, Stop> {
    let is_inside = ws.locate(Path::new("/"), path).is_some();
    if path.is_absolute() && !is_inside {
        return Ok(path.to_owned());
    }
    let message = format!("`{}` is not outside the work tree", path.display());
    Err(Diagnostic::error("secret-in-work-tree", message).into())
}

/// Refuses a path that git does not ignore. A plan that writes a `.gitignore` passes: the
/// transaction checks again before it creates the key.
fn check_ignored(ws: &Workspace, plan: &Plan, path: &RepoPath) -> Result<(), Stop> {
    let writes_rules = |(at, _): &(RepoPath, Change)| at.file_name() == ".gitignore";
    if ws.ignored_by(path)?.is_some() || plan.changes.iter().any(writes_rules) {
        return Ok(());
    }
    let message = format!(
        "git does not ignore `{}`: a private key is never written there",
        ws.shown(path)
    );
    let help = format!("echo '/{path}' >> .gitignore");
    Err(refuse("secret-not-ignored", message, path)
        .help(help)
        .into())
}
