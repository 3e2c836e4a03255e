//! What a flake lists for a host, module by module.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::repo::RepoPath;

/// One module that the flake lists for a host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FlakeModule {
    /// A file of the repository.
    File(RepoPath),
    /// The module at an attribute path of a file, such as `flake.modules.nixos.thor`.
    Attribute(RepoPath, String),
    /// The module that is written at these bytes of a file, where no attribute path
    /// leads.
    Inline(RepoPath, Range<usize>),
    /// A module of an input, by the name that the flake has for it.
    OfInput(String),
    /// A module that could not be followed, and why.
    Unknown(String),
}

impl FlakeModule {
    /// The same module in another file.
    #[must_use]
    pub(in crate::flake) fn in_file(self, moved: impl Fn(&RepoPath) -> RepoPath) -> Self {
        match self {
            Self::File(file) => Self::File(moved(&file)),
            Self::Attribute(file, path) => Self::Attribute(moved(&file), path),
            Self::Inline(file, range) => Self::Inline(moved(&file), range),
            other @ (Self::OfInput(_) | Self::Unknown(_)) => other,
        }
    }

    /// The file, if it is the module as a whole.
    pub fn whole_file(&self) -> Option<&RepoPath> {
        match self {
            Self::File(file) => Some(file),
            _ => None,
        }
    }

    /// The file that it is, or is written in.
    pub fn file(&self) -> Option<&RepoPath> {
        match self {
            Self::File(file) | Self::Attribute(file, _) | Self::Inline(file, _) => Some(file),
            Self::OfInput(_) | Self::Unknown(_) => None,
        }
    }
}
