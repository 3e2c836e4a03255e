//! One tracked file, without a search by its path.

use std::sync::Arc;

use super::cached_file::CachedFile;
use super::hash::Hash;
use super::lazy_source::LazySource;
use super::loader::Text;
use super::path::RepoPath;
use super::repository::Repo;

/// A tracked file of a repository. Its methods need no search by path, which counts
/// where all files of a large repository are visited.
#[derive(Clone, Copy)]
pub struct TrackedFile<'r> {
    repo: &'r Repo,
    path: &'r RepoPath,
    file: &'r Arc<CachedFile>,
}

impl Repo {
    /// The tracked files in order of their paths.
    pub fn files(&self) -> impl Iterator<Item = TrackedFile<'_>> {
        let tracked = self.tracked.iter();
        tracked.map(|(path, file)| TrackedFile {
            repo: self,
            path,
            file,
        })
    }
}

impl<'r> TrackedFile<'r> {
    /// The path of the file.
    pub fn path(&self) -> &'r RepoPath {
        self.path
    }

    /// The size in bytes, where it is known without reading the file.
    pub fn size(&self) -> Option<u64> {
        Some(self.file.stamp.as_ref()?.size)
    }

    /// As [`Repo::known_hash`].
    pub fn known_hash(&self) -> Option<Hash> {
        self.repo.known_hash_of(self.file)
    }

    /// Stores the content hash, which the caller has computed from the text. Without a
    /// stamp nothing is stored: the file may have changed since.
    pub fn set_known_hash(&self, hash: Hash) {
        if self.file.stamp.is_some() {
            self.file.hash.get_or_init(|| hash);
        }
    }

    /// As [`Repo::text`], for a caller that needs the text only once: the text of a file
    /// with a stamp is not cached.
    ///
    /// # Errors
    /// As [`Repo::text`].
    pub fn text_uncached(&self) -> Text {
        match self.file.text.get() {
            None if self.file.stamp.is_some() => self.repo.loader.load(self.path),
            _ => self.repo.text_of(self.path, self.file),
        }
    }

    /// As [`Repo::lazy_source`].
    pub fn lazy_source(&self, hash: Hash) -> LazySource {
        self.repo.lazy_source_of(self.path, self.file, hash)
    }
}
