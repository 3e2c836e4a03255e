//! The discoveries of one run, so that none is made twice.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::diagnostic::Diagnostic;
use crate::flake::discover::discover;
use crate::flake::discovery::Discovery;
use crate::flake::looked_at::LookedAt;
use crate::repo::{Repo, RepoPath};

/// What was discovered so far, of a repository and of what plans would make of it.
///
/// What a discovery found holds wherever the files that it looked at are the same: their
/// texts are compared, and so is the list of all files. Nothing is taken on trust from one
/// look at the disk to the next.
#[derive(Debug, Default)]
pub struct Discoveries(Mutex<Made>);

#[derive(Debug, Default)]
struct Made {
    all: Vec<MadeDiscovery>,
    /// How many have been made, those that are not remembered as well.
    count: usize,
}

/// What a discovery found, and what it depends on.
#[derive(Debug, Clone)]
struct MadeDiscovery {
    looked_at: LookedAt,
    found: Arc<Discovery>,
}

impl Discoveries {
    /// As [`discover`], or what an earlier discovery found that looked at the very same.
    ///
    /// # Errors
    /// As [`discover`].
    pub fn discover(&self, repo: &Repo) -> Result<Arc<Discovery>, Diagnostic> {
        Ok(self.discover_and_read(repo)?.0)
    }

    /// As [`Discoveries::discover`], with the files that it looked at.
    pub(super) fn discover_and_read(
        &self,
        repo: &Repo,
    ) -> Result<(Arc<Discovery>, Vec<RepoPath>), Diagnostic> {
        let earlier = self.made().all.clone();
        let same = earlier.into_iter().find(|one| one.looked_at.holds(repo));
        let known = match same {
            Some(known) => known,
            None => self.make(repo)?,
        };
        Ok((known.found, known.looked_at.files().cloned().collect()))
    }

    fn make(&self, repo: &Repo) -> Result<MadeDiscovery, Diagnostic> {
        self.made().count += 1;
        let recording = repo.recording_accesses();
        let found = Arc::new(discover(&recording)?);
        let looked_at = LookedAt::of(repo, recording.accessed());
        let made = MadeDiscovery { looked_at, found };
        // A note may be about files that are not among those that were read.
        if made.found.notes.is_empty() {
            self.made().all.push(made.clone());
        }
        Ok(made)
    }

    /// How many discoveries were made, and not remembered.
    pub fn count(&self) -> usize {
        self.made().count
    }

    fn made(&self) -> MutexGuard<'_, Made> {
        // A panic elsewhere leaves the list whole: it only grows.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
