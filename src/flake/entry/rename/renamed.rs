//! What another name takes.

use crate::flake::entry::rename::moves::Moves;
use crate::repo::RepoPath;
use crate::text::TextEdit;

/// What it takes to give a host another name.
#[derive(Debug, Clone, Default)]
pub struct Renamed {
    /// One edit a file, of the text before: files move with their edits.
    pub edits: Vec<(RepoPath, TextEdit)>,
    /// Which paths become which.
    pub moves: Moves,
    /// The attribute path of the module in its file, if it has one.
    pub within: Option<String>,
    /// What a person should know.
    pub notes: Vec<String>,
}
