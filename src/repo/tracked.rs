//! One tracked file, at hand.

use std::sync::Arc;

use super::{Entry, Hash, LazySource, Repo, RepoPath, Text};

/// A tracked file of a repository: what is asked of it needs no search by its path,
/// which counts where all files are asked.
#[derive(Clone, Copy)]
pub struct TrackedFile<'r> {
    repo: &'r Repo,
    path: &'r RepoPath,
    entry: &'r Arc<Entry>,
}

impl Repo {
    /// The tracked files in order of their paths.
    pub fn files(&self) -> impl Iterator<Item = TrackedFile<'_>> {
        let tracked = self.tracked.iter();
        tracked.map(|(path, entry)| TrackedFile {
            repo: self,
            path,
            entry,
        })
    }
}

impl<'r> TrackedFile<'r> {
    /// Its path.
    pub fn path(&self) -> &'r RepoPath {
        self.path
    }

    /// Its size in bytes, where that is known without reading it.
    pub fn size(&self) -> Option<u64> {
        Some(self.entry.stamp.as_ref()?.size)
    }

    /// As [`Repo::known_hash`].
    pub fn known_hash(&self) -> Option<Hash> {
        self.repo.known_hash_of(self.entry)
    }

    /// Notes its content, which somebody has read, to be known from here on, if it is a
    /// file that can be known again.
    pub fn note(&self, content: Hash) {
        if self.entry.stamp.is_some() {
            self.entry.content.get_or_init(|| content);
        }
    }

    /// As [`Repo::text`], for one who needs it only once: that of a file which can be
    /// known again is not kept.
    ///
    /// # Errors
    /// As [`Repo::text`].
    pub fn text_once(&self) -> Text {
        match self.entry.text.get() {
            None if self.entry.stamp.is_some() => self.repo.loader.load(self.path),
            _ => self.repo.text_of(self.path, self.entry),
        }
    }

    /// As [`Repo::lazy_source`].
    pub fn lazy_source(&self, content: Hash) -> LazySource {
        self.repo.lazy_source_of(self.path, self.entry, content)
    }
}
