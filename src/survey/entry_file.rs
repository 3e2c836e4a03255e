//! The file that an import reads.

use crate::repo::{Repo, RepoPath};

/// A folder is imported through its `default.nix`.
pub(super) fn entry_file(repo: &Repo, path: &RepoPath) -> RepoPath {
    let path = repo.followed(path);
    let name = path.as_str().as_bytes();
    let ends = name.last_chunk::<4>();
    if ends.is_some_and(|end| end.eq_ignore_ascii_case(b".nix")) {
        return path;
    }
    match path.join("default.nix") {
        Some(inner) if repo.path_exists(&inner) => inner,
        _ => path,
    }
}
