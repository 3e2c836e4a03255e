//! The content of a journal: one change, as JSON.
//!
//! Paths in the work tree are relative to its top, so that a journal stays valid when the
//! repository is moved. A version of the layout that larder does not know is refused, and
//! the journal left alone.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::texts::Place;
use crate::io::apply::index_change::IndexState;

/// The versions of the layout that this larder reads. It writes the last: the first, of
/// larder 0.1, has a file for each text.
pub(in crate::io::apply) const KNOWN_VERSIONS: [u32; 2] = [1, VERSION];
const VERSION: u32 = 2;

/// One change.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::io::apply) struct JournalRecord {
    pub(in crate::io::apply) version: u32,
    #[serde(rename = "way")]
    pub(in crate::io::apply) method: CommitMethod,
    pub(in crate::io::apply) files: Vec<FileRecord>,
    /// The folders that the change creates, parents first.
    pub(in crate::io::apply) folders: Vec<JournalPath>,
    pub(in crate::io::apply) secrets: Vec<SecretRecord>,
}

/// How the change is committed. What is said here happens at the commit point, in one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::io::apply) enum CommitMethod {
    /// Without a git commit: the file `done` appears in the journal.
    #[serde(rename = "files")]
    NoCommit,
    /// larder moves the branch (or the detached HEAD) from `base` to `commit`.
    #[serde(rename = "commit")]
    MoveBranch {
        branch: Option<String>,
        base: Option<String>,
        commit: String,
        /// The message of the reflog entry.
        #[serde(rename = "log")]
        reflog: String,
    },
    /// The user's own git moves HEAD away from `base`.
    #[serde(rename = "git")]
    GitCommit { base: Option<String> },
}

/// One file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::io::apply) struct FileRecord {
    pub(in crate::io::apply) path: String,
    /// The permissions before; `None` if the change creates the file.
    #[serde(rename = "old")]
    pub(in crate::io::apply) old_mode: Option<u32>,
    /// The permissions after; `None` if the change deletes the file.
    #[serde(rename = "new")]
    pub(in crate::io::apply) new_mode: Option<u32>,
    /// The file stays as it is on the disk, and is only committed.
    #[serde(rename = "same")]
    pub(in crate::io::apply) unchanged: bool,
    /// Where the journal has the text before; `None` if the change creates the file.
    #[serde(rename = "was", default)]
    pub(in crate::io::apply) old_text: Option<Place>,
    /// Where it has the text after; `None` if the change deletes the file.
    #[serde(rename = "becomes", default)]
    pub(in crate::io::apply) new_text: Option<Place>,
    /// The blob in git's index before.
    #[serde(rename = "from")]
    pub(in crate::io::apply) index_before: Option<String>,
    #[serde(rename = "to")]
    pub(in crate::io::apply) index_after: IndexStateRecord,
}

/// An [`IndexState`] with its object id as text.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::io::apply) enum IndexStateRecord {
    Recorded {
        id: String,
        mode: u32,
    },
    #[serde(rename = "noted")]
    IntentToAdd {
        mode: u32,
    },
    #[serde(rename = "gone")]
    Deleted,
    #[serde(rename = "forgotten")]
    Untracked,
}

/// A path inside or outside of the work tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::io::apply) enum JournalPath {
    /// Relative to the top of the work tree.
    Inside(String),
    /// Absolute.
    Outside(PathBuf),
}

/// A private key that the change creates.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::io::apply) struct SecretRecord {
    #[serde(rename = "place")]
    pub(in crate::io::apply) path: JournalPath,
    #[serde(rename = "mark")]
    pub(in crate::io::apply) pattern: KeyPattern,
}

/// Recognizes the file of a private key that larder created. Prefix and suffix contain
/// only those characters of the file that encode the public half.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::io::apply) struct KeyPattern {
    #[serde(rename = "begins")]
    pub(in crate::io::apply) prefix: String,
    #[serde(rename = "ends")]
    pub(in crate::io::apply) suffix: String,
    /// The length of the file in bytes.
    pub(in crate::io::apply) length: usize,
}

impl From<&IndexState> for IndexStateRecord {
    fn from(state: &IndexState) -> Self {
        match state {
            IndexState::Recorded(entry) => Self::Recorded {
                id: entry.id.to_string(),
                mode: entry.mode,
            },
            IndexState::IntentToAdd(mode) => Self::IntentToAdd { mode: *mode },
            IndexState::Deleted => Self::Deleted,
            IndexState::Untracked => Self::Untracked,
        }
    }
}

impl JournalRecord {
    /// The record of a change without files.
    pub(in crate::io::apply) fn new(method: CommitMethod) -> Self {
        Self {
            version: VERSION,
            method,
            files: Vec::new(),
            folders: Vec::new(),
            secrets: Vec::new(),
        }
    }
}
