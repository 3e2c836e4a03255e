//! The contents of a repository's files: texts, hashes and parsed Nix, each cached.

use std::sync::Arc;

use super::cached_file::CachedFile;
use super::hash::Hash;
use super::lazy_source::LazySource;
use super::loader::{Text, Unreadable};
use super::path::RepoPath;
use super::repository::Repo;
use crate::diagnostic::Source;
use crate::nix::{NixFile, SyntaxError};

impl Repo {
    /// The content hash of a tracked file, where it is known without reading the file.
    pub fn known_hash(&self, path: &RepoPath) -> Option<Hash> {
        self.known_hash_of(self.tracked.get(path)?)
    }

    /// The content hash of a file; `None` if no text file exists at the path.
    pub fn hash(&self, path: &RepoPath) -> Option<Hash> {
        self.hash_of(path, &self.file(path))
    }

    /// The tracked files in a folder and below it, in order, with their content hashes.
    pub fn hashes_under<'a>(
        &'a self,
        dir: &'a RepoPath,
    ) -> impl Iterator<Item = (&'a RepoPath, Option<Hash>)> {
        let files = self.files_under(dir);
        files.map(|(path, file)| (path, self.hash_of(path, file)))
    }

    /// True if a readable text file exists at the path, tracked or not.
    pub fn exists(&self, path: &RepoPath) -> bool {
        matches!(self.try_exists(path), Ok(true))
    }

    /// As [`Repo::exists`], with the reason where the path exists and is no text file.
    ///
    /// # Errors
    /// As [`Repo::text`].
    pub fn try_exists(&self, path: &RepoPath) -> Result<bool, Unreadable> {
        let file = self.file(path);
        let read = || Ok(self.text_of(path, &file)?.is_some());
        self.known_hash_of(&file).map_or_else(read, |_| Ok(true))
    }

    /// True if anything exists at the path, a text file or not. Does not read the file.
    pub fn path_exists(&self, path: &RepoPath) -> bool {
        let file = self.file(path);
        match file.text.get() {
            Some(text) => !matches!(text, Ok(None)),
            None => file.stamp.is_some() || self.loader.path_exists(path),
        }
    }

    /// The text of a file; `Ok(None)` if no such file exists.
    ///
    /// # Errors
    /// When the path exists and is not a readable text file.
    pub fn text(&self, path: &RepoPath) -> Text {
        self.text_of(path, &self.file(path))
    }

    /// The text that git has of a tracked file, where a filter changes it, as git-crypt
    /// does; `None` where git has the file as it is on the disk.
    pub fn filtered(&self, path: &RepoPath) -> Option<Text> {
        let text = self.loader.filtered(path)?;
        Some(text.map(Some))
    }

    /// The file as a [`Source`], named relative to the flake's folder.
    ///
    /// # Errors
    /// As [`Repo::text`].
    pub fn source(&self, path: &RepoPath) -> Result<Option<Source>, Unreadable> {
        let text = self.text(path)?;
        Ok(text.map(|text| self.to_source(path, text)))
    }

    /// The text as a [`Source`], named relative to the flake's folder.
    pub fn to_source(&self, path: &RepoPath, text: Arc<str>) -> Source {
        Source::new(self.shown(path), text)
    }

    /// As [`Repo::source`], with a text that is read when it is needed. The text is empty
    /// if the file has another content hash by then.
    pub fn lazy_source(&self, path: &RepoPath, hash: Hash) -> LazySource {
        self.lazy_source_of(path, &self.file(path), hash)
    }

    pub(super) fn lazy_source_of(
        &self,
        path: &RepoPath,
        file: &Arc<CachedFile>,
        hash: Hash,
    ) -> LazySource {
        let (dir, loader) = (self.dir.clone(), self.loader.clone());
        LazySource::new(path.clone(), dir, hash, file.clone(), loader)
    }

    /// The staged texts that differ from the work tree, as sources.
    pub fn staged(&self) -> impl Iterator<Item = Source> {
        let staged = self.staged.iter();
        // A file that was only touched has another time than its index entry, and the same text.
        let differing =
            staged.filter(|(path, text)| !matches!(self.text(path), Ok(Some(now)) if now == *text));
        differing.map(|(path, text)| self.to_source(path, text.clone()))
    }

    /// A file parsed as Nix; `None` if no text file exists at the path.
    pub fn nix(&self, path: &RepoPath) -> Option<Result<NixFile, SyntaxError>> {
        let file = self.file(path);
        let parse = || {
            let text = self.text_of(path, &file).ok().flatten()?;
            Some(self.parse(path, text))
        };
        file.nix.get_or_init(parse).clone()
    }

    /// As [`Repo::nix`], only if the file has been parsed before.
    pub fn cached_nix(&self, path: &RepoPath) -> Option<Result<NixFile, SyntaxError>> {
        self.file(path).nix.get().cloned().flatten()
    }

    /// As [`Repo::nix`], without caching the tree: for a caller that needs it only once.
    pub fn nix_uncached(&self, path: &RepoPath) -> Option<Result<NixFile, SyntaxError>> {
        let file = self.file(path);
        if let Some(cached) = file.nix.get() {
            return cached.clone();
        }
        let text = self.text_of(path, &file).ok().flatten()?;
        Some(self.parse(path, text))
    }

    /// A text of a file, parsed as Nix. The loader is told of it.
    ///
    /// # Errors
    /// When it does not parse.
    pub fn parse(&self, path: &RepoPath, text: Arc<str>) -> Result<NixFile, SyntaxError> {
        self.loader.parsing(path);
        NixFile::parse(text)
    }

    /// As [`Repo::parse`], and as [`NixFile::parse_asked`].
    ///
    /// # Errors
    /// When it does not parse.
    pub fn parse_asked(
        &self,
        path: &RepoPath,
        text: &Arc<str>,
        is_unasked: impl Fn(&[&str], &[&str]) -> bool,
    ) -> Result<NixFile, SyntaxError> {
        self.loader.parsing(path);
        NixFile::parse_asked(text, is_unasked)
    }

    pub(super) fn text_of(&self, path: &RepoPath, file: &CachedFile) -> Text {
        file.text(path, &*self.loader)
    }

    fn hash_of(&self, path: &RepoPath, file: &CachedFile) -> Option<Hash> {
        // The text that others have read counts, even if the file was edited since.
        if let Some(Ok(Some(text))) = file.text.get() {
            return Some(Hash::of(text));
        }
        let read = || Some(Hash::of(&self.text_of(path, file).ok()??));
        self.known_hash_of(file).or_else(read)
    }
}
