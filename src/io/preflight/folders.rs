//! The folders of a plan's files.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, Metadata};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rustix::fs::Access;

use crate::io::disk;
use crate::io::workspace::Tree;
use crate::plan::Plan;
use crate::repo::RepoPath;

/// The folders in which files can be written, each looked at once for all files in it.
pub(super) struct FineFolders(HashSet<RepoPath>);

impl FineFolders {
    /// Those with a file of the plan.
    pub(super) fn of(tree: Tree<'_>, plan: &Plan) -> Self {
        let parents: BTreeSet<RepoPath> =
            plan.changes.iter().map(|(path, _)| path.parent()).collect();
        let all: BTreeSet<RepoPath> = parents.iter().flat_map(with_those_above).collect();
        let ours = all.into_par_iter().filter(|folder| is_ours(tree, folder));
        let ours: HashSet<RepoPath> = ours.collect();
        let is_fine = |folder: &RepoPath| {
            with_those_above(folder).all(|one| ours.contains(&one))
                && is_writable_folder(&tree.root().join(folder.as_str()))
        };
        Self(parents.into_par_iter().filter(is_fine).collect())
    }

    /// True if the folder is among them. Of any other nobody has said that it is not.
    pub(super) fn has(&self, folder: &RepoPath) -> bool {
        self.0.contains(folder)
    }
}

/// A folder and those above it, the top of the work tree excepted.
fn with_those_above(folder: &RepoPath) -> impl Iterator<Item = RepoPath> {
    let up = |dir: &RepoPath| Some(dir.parent());
    let all = std::iter::successors(Some(folder.clone()), up);
    all.take_while(|dir| !dir.as_str().is_empty())
}

/// True for a folder of this repository: no link, no submodule.
fn is_ours(tree: Tree<'_>, folder: &RepoPath) -> bool {
    let absolute = tree.root().join(folder.as_str());
    matches!(disk::metadata(&absolute), Ok(Some(it)) if it.is_dir())
        && !absolute.join(".git").exists()
}

/// True if files can be created in the folder.
pub(super) fn is_writable_folder(folder: &Path) -> bool {
    rustix::fs::access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
        && !fs::metadata(folder).is_ok_and(|it| has_no_write_bit(&it))
}

pub(super) fn has_no_write_bit(metadata: &Metadata) -> bool {
    metadata.permissions().mode() & 0o222 == 0
}

/// The nearest folder above `path` that exists.
pub(super) fn nearest_folder(path: &Path) -> PathBuf {
    let nearest = path.ancestors().skip(1).find(|dir| dir.is_dir());
    nearest.unwrap_or(Path::new("/")).to_owned()
}
