//! What a run of lint leaves for the next one: what each content says, and where
//! the flake's hosts are. Never a finding: the rules always run.
//!
//! All of it is kept by content, so it cannot be out of date; it can only be of no
//! use. Where it is kept is `io`'s.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;

use crate::diagnostic::Diagnostic;
use crate::flake::{Found, Seen, discover_once};
use crate::repo::Repo;
use crate::survey::{Hash, Known, Remembered, Survey};

/// What is known before a run, and more after it.
#[derive(Debug, Default)]
pub struct Memory {
    known: Arc<Known>,
    discovery: Mutex<Discovery>,
}

#[derive(Debug, Default)]
struct Discovery {
    seen: Option<Seen>,
    is_new: bool,
}

#[derive(Deserialize)]
struct Kept {
    contents: Vec<(Hash, Remembered)>,
    seen: Option<Seen>,
}

impl Memory {
    /// What [`Memory::to_bytes`] wrote; `None` if these are other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let kept: Kept = postcard::from_bytes(bytes).ok()?;
        Some(Self {
            known: Arc::new(Known::from_earlier(kept.contents)),
            discovery: Mutex::new(Discovery {
                seen: kept.seen,
                is_new: false,
            }),
        })
    }

    /// What the run needed; `None` if that is what was known before.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        let discovery = self.discovery();
        if !self.known.has_news() && !discovery.is_new {
            return None;
        }
        // As `Kept` has them.
        postcard::to_stdvec(&(self.known.needed(), &discovery.seen)).ok()
    }

    /// A memory for another state of the repository: contents are contents
    /// everywhere.
    #[must_use]
    pub fn of_contents(&self) -> Self {
        Self {
            known: self.known.clone(),
            ..Self::default()
        }
    }

    /// A survey that makes use of it.
    pub fn survey<'a>(&self, repo: &'a Repo) -> Survey<'a> {
        Survey::with(repo, self.known.clone())
    }

    /// The flake's hosts.
    ///
    /// # Errors
    /// When they cannot be found.
    pub fn discover(&self, repo: &Repo) -> Result<Found, Diagnostic> {
        let mut discovery = self.discovery();
        let again = discovery.seen.as_ref().and_then(|seen| seen.again(repo));
        if let Some(found) = again {
            return Ok(found);
        }
        let (found, seen) = discover_once(repo)?;
        discovery.is_new |= seen != discovery.seen;
        discovery.seen = seen;
        Ok(found)
    }

    fn discovery(&self) -> std::sync::MutexGuard<'_, Discovery> {
        // A panic elsewhere leaves it whole: it is only ever replaced.
        self.discovery
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
