//! What is asked for.

use crate::repo::RepoPath;

/// The host that gets another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenameRequest {
    /// Its name in `nixosConfigurations`.
    pub old: String,
    /// The name that it gets.
    pub new: String,
    /// Its module, as far as that is known beside the flake.
    pub module: Option<RepoPath>,
    /// Files that somebody else moves: the paths that lead to them follow.
    pub moved_elsewhere: Vec<(RepoPath, RepoPath)>,
    /// The folder of files that are generated: they are written anew by somebody else.
    pub generated: Option<RepoPath>,
}
