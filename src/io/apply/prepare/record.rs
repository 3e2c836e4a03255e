//! The journal record of a change that has not begun.

use std::path::{Path, PathBuf};

use crate::io::apply::index_change::IndexChange;
use crate::io::apply::journal::{CommitMethod, FileRecord, JournalPath, JournalRecord, OldAndNew};
use crate::io::apply::secret;
use crate::io::preflight::Target;
use crate::io::workspace::Workspace;
use crate::plan::{Plan, SecretPath};
use crate::repo::RepoPath;

/// The permissions of a new file, before the user's umask.
const NEW_FILE_MODE: u32 = 0o666;

/// The record of a change. `changes` belong to `targets`, in the same order.
pub(super) fn of(
    ws: &Workspace,
    method: CommitMethod,
    targets: &[Target],
    changes: &[IndexChange],
    plan: &Plan,
) -> JournalRecord {
    let mut record = JournalRecord::new(method);
    record.files = targets
        .iter()
        .zip(changes)
        .map(|(target, change)| file_record(target, change))
        .collect();
    record.secrets = plan.secrets.iter().map(secret::record).collect();
    for target in targets.iter().filter(|target| target.is_new()) {
        add_missing_inside(ws, &target.path, &mut record.folders);
    }
    for secret in &plan.secrets {
        match &secret.path {
            SecretPath::Ignored(path) => add_missing_inside(ws, path, &mut record.folders),
            SecretPath::Outside(path) => add_missing_outside(path, &mut record.folders),
        }
    }
    record
}

/// The old and the new bytes of each file.
pub(super) fn contents(targets: &[Target]) -> Vec<OldAndNew<'_>> {
    targets
        .iter()
        .map(|target| OldAndNew {
            old: bytes(target.before.as_deref()),
            new: bytes(target.after.as_deref()),
        })
        .collect()
}

fn bytes(text: Option<&str>) -> Option<&[u8]> {
    text.map(str::as_bytes)
}

fn file_record(target: &Target, change: &IndexChange) -> FileRecord {
    FileRecord {
        path: target.path.as_str().to_owned(),
        old_mode: target.mode,
        new_mode: target.after.as_ref().map(|_| {
            let mode = target.mode.or(target.moved_mode);
            mode.unwrap_or(NEW_FILE_MODE)
        }),
        unchanged: target.before == target.after,
        old_text: None,
        new_text: None,
        index_before: change.before.map(|id| id.to_string()),
        index_after: (&change.after).into(),
    }
}

/// Adds the missing folders above a path in the work tree, parents first.
fn add_missing_inside(ws: &Workspace, path: &RepoPath, folders: &mut Vec<JournalPath>) {
    let is_missing = |dir: &RepoPath| !ws.root().join(dir.as_str()).is_dir();
    let parent = |dir: &RepoPath| Some(dir.parent());
    let missing: Vec<RepoPath> = std::iter::successors(parent(path), parent)
        .take_while(is_missing)
        .collect();
    let paths = missing.into_iter().rev();
    add(
        paths.map(|dir| JournalPath::Inside(dir.as_str().to_owned())),
        folders,
    );
}

/// Adds the missing folders above a path outside of the work tree, parents first.
fn add_missing_outside(path: &Path, folders: &mut Vec<JournalPath>) {
    let missing = path.ancestors().skip(1).take_while(|dir| !dir.is_dir());
    let missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
    add(missing.into_iter().rev().map(JournalPath::Outside), folders);
}

fn add(paths: impl Iterator<Item = JournalPath>, folders: &mut Vec<JournalPath>) {
    for path in paths {
        if !folders.contains(&path) {
            folders.push(path);
        }
    }
}
