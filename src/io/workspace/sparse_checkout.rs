//! Which part of the repository a sparse checkout shows.

use gix::bstr::ByteSlice;
use gix::glob::pattern::Case;
use gix::ignore::Search;
use gix::ignore::search::Ignore;

use super::git::Git;
use crate::diagnostic::Stop;
use crate::io::disk::{self, WithPath};
use crate::repo::RepoPath;

/// The patterns of a sparse checkout.
pub(in crate::io) struct SparseCheckout {
    patterns: Search,
    /// Whole folders are chosen, not patterns.
    is_cone: bool,
}

impl SparseCheckout {
    /// Those of this work tree; `None` where all of it is checked out.
    ///
    /// # Errors
    /// When the patterns cannot be read.
    pub(in crate::io) fn of(git: &Git) -> Result<Option<Self>, Stop> {
        if !is_on(git) {
            return Ok(None);
        }
        let path = git.repo().git_dir().join("info/sparse-checkout");
        let Some(bytes) = disk::read(&path).with_path("read", &path)? else {
            return Ok(None);
        };
        let mut patterns = Search::default();
        let added = patterns.add_patterns_buffer(&bytes, &path, None, Ignore::default());
        added.with_path("read", &path)?;
        let is_cone = git.is_set("core.sparseCheckoutCone");
        Ok(Some(Self { patterns, is_cone }))
    }

    /// True if files at this path are checked out. As in git, the last pattern that
    /// matches decides, else what is so of the folder.
    pub(in crate::io) fn shows(&self, path: &RepoPath) -> bool {
        let matching = |path: &str, is_folder| {
            let path = path.as_bytes().as_bstr();
            let patterns = &self.patterns;
            patterns.pattern_matching_relative_path(path, Some(is_folder), Case::Sensitive)
        };
        let mut found = matching(path.as_str(), false);
        let mut folder = path.parent();
        while found.is_none() && !folder.as_str().is_empty() {
            found = matching(folder.as_str(), true);
            folder = folder.parent();
        }
        found.is_some_and(|found| !found.pattern.is_negative())
    }

    /// True if it consists of whole folders.
    pub(in crate::io) fn is_cone(&self) -> bool {
        self.is_cone
    }
}

/// True if the work tree shows only a part of the repository.
pub(super) fn is_on(git: &Git) -> bool {
    git.is_set("core.sparseCheckout")
}
