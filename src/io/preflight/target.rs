//! One file of a plan as the preflight found it, and the form of a refusal.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::plan::{Change, Plan};
use crate::repo::RepoPath;

/// What happens after the files are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// One commit of exactly these paths.
    Commit,
    /// No commit: new files become intent-to-add, so that Nix sees them.
    NoCommit,
}

/// One file of a plan as it is on the disk.
#[derive(Debug, Clone)]
pub(in crate::io) struct Target {
    /// The real path of the file, with links followed.
    pub(in crate::io) path: RepoPath,
    /// The path relative to the flake's folder, as users type it.
    pub(in crate::io) shown: String,
    /// The text on the disk; `None` if the file does not exist.
    pub(in crate::io) before: Option<Arc<str>>,
    /// The text after the change; `None` if the change deletes the file.
    pub(in crate::io) after: Option<Arc<str>>,
    /// The permissions on the disk; `None` if the file does not exist.
    pub(in crate::io) mode: Option<u32>,
    /// The permissions of the file that moves here.
    pub(in crate::io) moved_mode: Option<u32>,
    /// The commit may include uncommitted edits of the file.
    pub(in crate::io) may_be_dirty: bool,
}

impl Target {
    /// True if the change creates the file.
    pub(in crate::io) fn is_new(&self) -> bool {
        self.before.is_none() && self.after.is_some()
    }
}

/// True if the plan deletes the file at `path`.
pub(super) fn is_deleted(plan: &Plan, path: &str) -> bool {
    let deleted = |(at, change): &(RepoPath, Change)| {
        at.as_str() == path && matches!(change, Change::Delete { .. })
    };
    plan.changes.iter().any(deleted)
}

/// A refusal that concerns one file.
pub(super) fn refuse(code: &'static str, message: String, about: &RepoPath) -> Diagnostic {
    Diagnostic::error(code, message).about(about.as_str())
}
