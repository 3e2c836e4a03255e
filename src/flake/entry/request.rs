//! What is asked for, and what it takes.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::repo::RepoPath;
use crate::text::TextEdit;

/// The host that is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewEntry {
    /// Its name in `nixosConfigurations`.
    pub name: String,
    /// Its platform, where the flake says that of each host.
    pub system: Option<String>,
    /// Its module, relative to the flake's folder.
    pub module: String,
    /// The host that it should be made like; the most usual one if absent.
    pub like: Option<String>,
    /// Where the others reach it.
    pub address: Option<String>,
    /// Values that it has for itself, by the names that its siblings have them under.
    pub values: BTreeMap<String, String>,
}

/// What goes with a host.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Removed {
    /// One edit a file.
    pub edits: Vec<(RepoPath, TextEdit)>,
    /// Files that only make the host.
    pub files: Vec<RepoPath>,
}

/// A file that is new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Its place.
    pub path: RepoPath,
    /// Its text, with a mark where the host's module goes if that is in it.
    pub(super) text: String,
}

/// A value that each host has for itself, and the new one not yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeededValue {
    /// The name, as `--set` takes it.
    pub key: String,
    /// What a sibling has.
    pub example: String,
    /// What the others have.
    pub taken: Vec<String>,
}

/// A host that cannot be added, or not yet.
#[derive(Debug)]
pub(super) struct NotAdded {
    pub(super) why: Diagnostic,
    /// With these values it can.
    pub(super) needed: Vec<NeededValue>,
}

impl From<Diagnostic> for NotAdded {
    fn from(why: Diagnostic) -> Self {
        Self {
            why,
            needed: Vec::new(),
        }
    }
}

/// What a new host needs in the files that are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// One edit a file, of Nix, TOML or JSON; none where the flake reads a folder.
    pub edits: Vec<(RepoPath, TextEdit)>,
    /// The file that makes the host, where each has one of its own.
    pub file: Option<NewFile>,
    /// Where the module of the host has to be.
    pub module: RepoPath,
    /// The attribute path at which it has to be in that file, if the file is more
    /// than the module.
    pub within: Option<String>,
    /// The flake says the host's platform.
    pub has_platform: bool,
    /// What a person should know.
    pub notes: Vec<String>,
}
