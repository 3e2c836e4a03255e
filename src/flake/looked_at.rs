//! What a discovery depends on: the list of the tracked files, and the texts that it read.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::repo::{Hash, Repo, RepoPath};

/// All that a discovery has looked at. Where these are the same, so is what it finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LookedAt {
    /// Of the list of tracked files, and of which folder is the flake's.
    listed: [u8; 32],
    /// Every file that was asked for; `None`: not there, or not text.
    read: Vec<(RepoPath, Option<Hash>)>,
}

impl LookedAt {
    /// These files, as the repository has them, and its list.
    pub(super) fn of(repo: &Repo, files: Vec<RepoPath>) -> Self {
        let read = files.into_iter().map(|path| {
            let hash = repo.hash(&path);
            (path, hash)
        });
        Self {
            listed: listed(repo),
            read: read.collect(),
        }
    }

    /// True if a repository has all of it as it was.
    pub(super) fn holds(&self, repo: &Repo) -> bool {
        let mut read = self.read.iter();
        self.listed == listed(repo) && read.all(|(path, hash)| repo.hash(path) == *hash)
    }

    /// The files.
    pub(super) fn files(&self) -> impl Iterator<Item = &RepoPath> {
        self.read.iter().map(|(path, _)| path)
    }
}

fn listed(repo: &Repo) -> [u8; 32] {
    let mut hash = Sha256::new();
    for path in std::iter::once(repo.dir()).chain(repo.tracked()) {
        hash.update(path.as_str());
        // No path holds it.
        hash.update([0]);
    }
    hash.finalize().into()
}
