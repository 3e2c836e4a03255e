//! The preflight: every reason not to write, found before anything is written.
//!
//! Nothing here changes a byte, git's index included. Each refusal names the obstacle and
//! the command that helps.

mod case_collision;
mod dirty;
mod files;
mod folders;
mod left_out;
mod on_disk;
mod repository;
mod secrets;
mod target;
mod tracked;

pub use self::target::Finish;
pub(in crate::io) use self::target::Target;

use std::collections::HashSet;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use self::folders::FineFolders;
use crate::diagnostic::Stop;
use crate::io::workspace::{Tree, Workspace};
use crate::plan::Plan;
use crate::repo::RepoPath;

impl Workspace {
    /// Checks whether `plan` can be applied. Changes nothing. The commit may include
    /// uncommitted edits of the files in `allow_dirty`, and of no others.
    ///
    /// # Errors
    /// Every obstacle at once, or a fault of the machine.
    pub fn preflight(
        &self,
        plan: &Plan,
        finish: Finish,
        allow_dirty: &[RepoPath],
    ) -> Result<(), Stop> {
        targets(self, plan, finish, allow_dirty).map(drop)
    }
}

/// The files of `plan` as they are on the disk.
///
/// # Errors
/// As [`Workspace::preflight`].
pub(in crate::io) fn targets(
    ws: &Workspace,
    plan: &Plan,
    finish: Finish,
    allow_dirty: &[RepoPath],
) -> Result<Vec<Target>, Stop> {
    let index = ws.git()?.index()?;
    let mut refused = repository::check(ws, &index, plan, finish)?;
    let left_out = left_out::check(ws, &index, plan)?;
    refused.extend(left_out.refused);
    let allow_dirty: HashSet<&RepoPath> = allow_dirty.iter().collect();
    let mut targets = Vec::new();
    for (path, found) in on_disk_as_planned(ws.tree(), plan, &left_out.paths) {
        match found {
            Ok(target) => targets.push(Target {
                may_be_dirty: allow_dirty.contains(path) || allow_dirty.contains(&target.path),
                ..target
            }),
            Err(Stop::Refused(more)) => refused.extend(more),
            Err(fault) => return Err(fault),
        }
    }
    refused.extend(secrets::check(ws, plan)?);
    refused.extend(tracked::check(ws, &index, plan, &targets)?);
    refused.extend(case_collision::check(ws, &targets)?);
    if finish == Finish::Commit {
        refused.extend(dirty::check(ws, &index, plan, &targets)?);
    }
    if refused.is_empty() {
        return Ok(targets);
    }
    Err(Stop::Refused(refused))
}

/// Each file of the plan, except those that are left out, or what stands in its way; on all
/// cores.
fn on_disk_as_planned<'p>(
    tree: Tree<'_>,
    plan: &'p Plan,
    left_out: &HashSet<RepoPath>,
) -> Vec<(&'p RepoPath, Result<Target, Stop>)> {
    let folders = FineFolders::of(tree, plan);
    let changes = plan.changes.par_iter();
    let changes = changes.filter(|(path, _)| !left_out.contains(path));
    let found = changes.map(|(path, change)| {
        let target = files::target(tree, plan, &folders, path, change);
        (path, target)
    });
    found.collect()
}
