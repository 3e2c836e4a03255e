//! Where the files of a work tree are.

use std::path::Path;

use super::find;
use crate::repo::RepoPath;

/// The top of a work tree and the flake's folder in it. Unlike git, all cores can use them
/// at once.
#[derive(Clone, Copy)]
pub(in crate::io) struct Tree<'w> {
    pub(super) root: &'w Path,
    pub(super) dir: &'w RepoPath,
}

impl<'w> Tree<'w> {
    /// The top: absolute, with links resolved.
    pub(in crate::io) fn root(self) -> &'w Path {
        self.root
    }

    /// A path relative to the flake's folder, as users type it.
    pub(in crate::io) fn shown(self, path: &RepoPath) -> String {
        path.relative_to(self.dir)
    }

    /// As [`Workspace::locate`](super::Workspace::locate).
    pub(in crate::io) fn locate(self, from: &Path, path: &Path) -> Option<RepoPath> {
        find::locate(self.root, from, path)
    }
}
