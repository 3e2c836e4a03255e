//! When the commit must be made by the user's own `git` and not by gix.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use super::git::Git;
use crate::diagnostic::Stop;

/// The hooks that `git commit` runs.
const HOOKS: [&str; 6] = [
    "pre-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "reference-transaction",
    "post-index-change",
];

/// Why this repository needs the user's own git to commit; `None` if gix is enough.
pub(in crate::io) fn needs_git(git: &Git) -> Result<Option<String>, Stop> {
    if let Some(hook) = active_hook(git) {
        return Ok(Some(format!("this repository has the hook `{hook}`")));
    }
    if git.is_reftable() {
        return Ok(Some(
            "this repository keeps its references in a reftable".to_owned(),
        ));
    }
    sparse(git)
}

/// Why this repository needs the user's own git to write the index; `None` if gix is
/// enough.
pub(in crate::io) fn sparse(git: &Git) -> Result<Option<String>, Stop> {
    let sparse = git.index()?.is_sparse();
    Ok(sparse.then(|| "this repository has a sparse index".to_owned()))
}

fn active_hook(git: &Git) -> Option<&'static str> {
    let folder = hooks_folder(git);
    let is_executable = |hook: &&&str| {
        let metadata = folder.join(hook).metadata();
        metadata.is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0)
    };
    let hook = HOOKS.iter().find(is_executable).copied();
    hook.or_else(|| configured_hook(git))
}

/// A hook of the configuration: newer versions of git read `hook.<name>.event`.
fn configured_hook(git: &Git) -> Option<&'static str> {
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

fn hooks_folder(git: &Git) -> PathBuf {
    let repo = git.repo();
    let configured = repo.config_snapshot().trusted_path("core.hooksPath");
    match configured.ok().flatten() {
        Some(path) => git.root().join(path),
        None => repo.common_dir().join("hooks"),
    }
}
