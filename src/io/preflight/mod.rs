//! Every reason not to write, found before anything is written.
//!
//! Nothing here changes a byte, git's index included. What is refused is named,
//! with the command that helps.

mod dirty;
mod place;
mod repository;
mod tracked;
mod twin;

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::workspace::Workspace;
use crate::plan::{Change, Plan};
use crate::repo::RepoPath;

/// What happens after the files are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// One commit of exactly these paths.
    Commit,
    /// No commit: git is only told of the new files, so that Nix sees them.
    NoCommit,
}

/// One file of a plan as it was found on the disk.
#[derive(Debug, Clone)]
pub(in crate::io) struct Target {
    /// Where the file really is: links are followed.
    pub(in crate::io) path: RepoPath,
    /// The path as people type it.
    pub(in crate::io) shown: String,
    /// What is on the disk; `None`: nothing.
    pub(in crate::io) before: Option<Arc<str>>,
    /// What is to be there; `None`: nothing.
    pub(in crate::io) after: Option<Arc<str>>,
    /// The permissions of the file that is there.
    pub(in crate::io) mode: Option<u32>,
    /// Uncommitted changes in it are taken along.
    pub(in crate::io) may_be_dirty: bool,
}

impl Target {
    /// True if a file is made where none was.
    pub(in crate::io) fn is_new(&self) -> bool {
        self.before.is_none()
    }
}

impl Workspace {
    /// Finds out whether `plan` can be applied, without changing anything.
    /// Uncommitted changes are allowed, and taken along, in `allow_dirty` only.
    ///
    /// # Errors
    /// All that stands against it, at once; or a fault of the machine.
    pub fn preflight(
        &self,
        plan: &Plan,
        finish: Finish,
        allow_dirty: &[RepoPath],
    ) -> Result<(), Stop> {
        targets(self, plan, finish, allow_dirty).map(drop)
    }
}

/// The files of `plan` as they are on the disk, if nothing stands against it.
pub(in crate::io) fn targets(
    ws: &Workspace,
    plan: &Plan,
    finish: Finish,
    allow_dirty: &[RepoPath],
) -> Result<Vec<Target>, Stop> {
    let mut refused = repository::check(ws, finish)?;
    let mut targets = Vec::new();
    for (path, change) in &plan.changes {
        let allowed = allow_dirty.contains(path);
        match place::target(ws, plan, path, change) {
            Ok(target) => targets.push(Target {
                may_be_dirty: allowed || allow_dirty.contains(&target.path),
                ..target
            }),
            Err(Stop::Refused(more)) => refused.extend(more),
            Err(fault) => return Err(fault),
        }
    }
    refused.extend(place::secrets(ws, plan)?);
    refused.extend(tracked::check(ws, plan, &targets)?);
    refused.extend(twin::check(ws, &targets)?);
    if finish == Finish::Commit {
        refused.extend(dirty::check(ws, &targets)?);
    }
    if refused.is_empty() {
        return Ok(targets);
    }
    Err(Stop::Refused(refused))
}

/// True if the plan takes the file at `path` away.
fn is_deleted(plan: &Plan, path: &str) -> bool {
    let deleted = |(at, change): &(RepoPath, Change)| {
        at.as_str() == path && matches!(change, Change::Delete { .. })
    };
    plan.changes.iter().any(deleted)
}

/// A refusal about one file.
fn refuse(code: &'static str, message: String, about: &RepoPath) -> Diagnostic {
    Diagnostic::error(code, message).about(about.as_str())
}
