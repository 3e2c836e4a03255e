//! What is asked for, and what it takes.

use crate::repo::RepoPath;
use crate::text::TextEdit;

/// The host that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// Its name in `nixosConfigurations`.
    pub name: String,
    /// Its platform, where the flake says that of each host.
    pub system: Option<String>,
    /// Its module, relative to the flake's folder.
    pub module: String,
    /// The host that it should be made like; the most usual one if absent.
    pub like: Option<String>,
}

/// What a new host needs in the files that are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// One edit a file, of Nix, TOML or JSON; none where the flake reads a folder.
    pub edits: Vec<(RepoPath, TextEdit)>,
    /// Where the module of the host has to be.
    pub module: RepoPath,
    /// The attribute path at which it has to be in that file, if the file is more
    /// than the module.
    pub within: Option<String>,
    /// What a person should know.
    pub notes: Vec<String>,
}
