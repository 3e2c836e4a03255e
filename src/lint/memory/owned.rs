//! Owned modules that were right: all there, known to git, as the inventory says, and
//! none too many.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::diagnostic::Diagnostic;
use crate::fleet::Fleet;
use crate::repo::{Hash, Repo};

/// The rules that look at owned modules, and at nothing that is not in [`Owned`].
const RULES: &[&str] = &[
    "owned-file-missing",
    "owned-file-edited",
    "owned-file-stale",
    "file-untracked",
];

/// All on which it depends whether owned modules are right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Owned {
    inventory: Hash,
    /// Of the paths and contents of the tracked files in their folder.
    folder: [u8; 32],
}

impl Owned {
    /// Those of this repository as they are now.
    pub(super) fn of(fleet: &Fleet, repo: &Repo) -> Option<Self> {
        let dir = repo.path(&fleet.dir)?;
        let mut folder = Sha256::new();
        for (path, content) in repo.hashes_under(&dir) {
            folder.update(path.as_str());
            // No path holds it.
            folder.update([0]);
            folder.update(content?.as_bytes());
        }
        Some(Self {
            inventory: Hash::of(&fleet.source.text),
            folder: folder.finalize().into(),
        })
    }

    /// True if nothing was found that is about them.
    pub(super) fn are_right(findings: &[Diagnostic]) -> bool {
        !findings.iter().any(|finding| RULES.contains(&finding.code))
    }
}
