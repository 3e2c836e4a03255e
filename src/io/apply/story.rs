//! What a journal tells: one change, as JSON.
//!
//! Paths in the work tree are relative to its top, so that a journal is still
//! true when the repository has been moved. A version that does not know the
//! layout leaves the journal alone and says so.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::io::apply::draft::Known;

/// The layout that this version of larder writes and reads.
pub(super) const VERSION: u32 = 1;

/// One change.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Story {
    pub(super) version: u32,
    pub(super) way: Way,
    pub(super) files: Vec<Entry>,
    /// Folders that are made on the way, outermost first.
    pub(super) folders: Vec<Place>,
    pub(super) secrets: Vec<Secret>,
}

/// How the change becomes final.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Way {
    /// A file `done` appears in the journal.
    Files,
    /// The branch (or the detached HEAD) moves from `base` to `commit`.
    Commit {
        branch: Option<String>,
        base: Option<String>,
        commit: String,
        /// The line that git's log of the branch gets, names aside.
        log: String,
    },
    /// The user's own git moves HEAD away from `base`.
    Git { base: Option<String> },
}

/// One file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) path: String,
    /// Permissions before; `None`: the file is made.
    pub(super) old: Option<u32>,
    /// Permissions after; `None`: the file goes.
    pub(super) new: Option<u32>,
    /// The file stays as it is; it is only recorded.
    pub(super) same: bool,
    /// What git's index held.
    pub(super) from: Option<String>,
    pub(super) to: Outcome,
}

/// What git shall know of a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Outcome {
    Recorded { id: String, mode: u32 },
    Noted { mode: u32 },
    Gone,
    Forgotten,
}

/// A place in the work tree or outside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Place {
    Inside(String),
    Outside(PathBuf),
}

/// A private key that is made on the way.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Secret {
    pub(super) place: Place,
    /// What its file says of the public half.
    pub(super) mark: Mark,
}

/// By what a file is known as a key of ours: those of its characters that say
/// nothing but the public half.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    pub(super) begins: String,
    pub(super) ends: String,
    pub(super) length: usize,
}

/// What the JSON says of a fate.
pub(super) fn outcome(known: &Known) -> Outcome {
    match known {
        Known::Recorded(held) => Outcome::Recorded {
            id: held.id.to_string(),
            mode: held.mode,
        },
        Known::Noted(mode) => Outcome::Noted { mode: *mode },
        Known::Gone => Outcome::Gone,
        Known::Forgotten => Outcome::Forgotten,
    }
}

impl Story {
    /// A story without its events.
    pub(super) fn new(way: Way) -> Self {
        Self {
            version: VERSION,
            way,
            files: Vec::new(),
            folders: Vec::new(),
            secrets: Vec::new(),
        }
    }
}
