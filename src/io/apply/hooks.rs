//! When only the user's own `git` can make the commit as the user would.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::diagnostic::Stop;
use crate::io::workspace::Git;

/// The hooks that `git commit` runs.
const HOOKS: [&str; 6] = [
    "pre-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "reference-transaction",
    "post-index-change",
];

/// Why this repository needs the user's own git to commit; `None`: it does not.
pub(in crate::io) fn needs_git(git: &Git) -> Result<Option<String>, Stop> {
    if let Some(hook) = active(git) {
        return Ok(Some(format!("this repository has the hook `{hook}`")));
    }
    if git.is_reftable() {
        return Ok(Some(
            "this repository keeps its references in a reftable".to_owned(),
        ));
    }
    sparse(git)
}

/// Why this repository needs the user's own git to write the index.
pub(in crate::io) fn sparse(git: &Git) -> Result<Option<String>, Stop> {
    let sparse = git.index()?.is_sparse();
    Ok(sparse.then(|| "this repository has a sparse index".to_owned()))
}

fn active(git: &Git) -> Option<&'static str> {
    let folder = folder(git);
    let executable = |hook: &&&str| {
        let about = folder.join(hook).metadata();
        about.is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
    };
    let file = HOOKS.iter().find(executable).copied();
    file.or_else(|| configured(git))
}

/// Newer versions of git also take hooks from the configuration.
fn configured(git: &Git) -> Option<&'static str> {
    let config = git.repo().config_snapshot();
    let config = config.plumbing();
    let sections = config.sections_by_name("hook")?;
    let events: Vec<String> = sections
        .flat_map(|section| section.values("event"))
        .map(|event| event.to_string())
        .collect();
    HOOKS
        .iter()
        .find(|hook| events.iter().any(|event| event == *hook))
        .copied()
}

fn folder(git: &Git) -> PathBuf {
    let repo = git.repo();
    let set = repo.config_snapshot().trusted_path("core.hooksPath");
    match set.ok().flatten() {
        Some(path) => git.root().join(path),
        None => repo.common_dir().join("hooks"),
    }
}
