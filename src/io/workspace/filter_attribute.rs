//! Whether git keeps a file as it is on the disk.

use std::path::Path;

use gix::bstr::ByteSlice;
use gix::index::entry::Mode;
use gix::worktree::stack::state::attributes::Source;

use super::git::Git;
use crate::repo::RepoPath;

/// The filter of git-lfs. What it stores apart is shared as the repository is.
const LFS: &[u8] = b"lfs";

/// True if `.gitattributes` has a filter for the path, such as that of git-crypt: git has
/// another content then than the disk.
///
/// Opens the repository again, because gix confines an open one to a thread: for the few
/// files where it matters.
pub(super) fn is_filtered(root: &Path, index: &gix::index::File, path: &RepoPath) -> bool {
    let Ok(git) = Git::discover(root) else {
        return false;
    };
    let source = Source::WorktreeThenIdMapping;
    let Ok(mut stack) = git.repo().attributes_only(index, source) else {
        return false;
    };
    let mut outcome = stack.selected_attribute_matches(["filter"]);
    let Ok(platform) = stack.at_entry(path.as_str(), Some(Mode::FILE)) else {
        return false;
    };
    platform.matching_attributes(&mut outcome);
    let mut filters = outcome.iter_selected();
    filters.any(|found| {
        let value = found.assignment.state.as_bstr();
        value.is_some_and(|name| name.as_bytes() != LFS)
    })
}
