//! Owned modules with which nothing was wrong: all there, known to git, as the inventory
//! says, and none too many.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::fleet::Fleet;
use crate::lint::check::Scope;
use crate::lint::finding::Finding;
use crate::repo::{Hash, Repo};

/// What the rules about owned modules read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OwnedModules {
    inventory: Hash,
    /// Of the paths and contents of the tracked files in their folder.
    folder: [u8; 32],
}

impl OwnedModules {
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

    /// True if no rule about them has found anything.
    pub(super) fn are_right(findings: &[Finding]) -> bool {
        let mut scopes = findings.iter().map(|finding| finding.rule().scope());
        !scopes.any(|scope| matches!(scope, Some(Scope::OwnedModules | Scope::Tracking)))
    }
}
