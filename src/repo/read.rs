//! What the files of a repository hold, each found out once.

use std::sync::{Arc, PoisonError};

use super::{Entry, Hash, LazySource, Repo, RepoPath, Text, Unreadable};
use crate::diagnostic::Source;
use crate::nix::{NixFile, SyntaxError};

impl Repo {
    /// The hash of a file's content, where it need not be read for that: it was looked
    /// up, or noted.
    pub fn known_hash(&self, path: &RepoPath) -> Option<Hash> {
        self.known_hash_of(self.tracked.get(path)?)
    }

    /// The content of a file; `None` if it is not there, or not text.
    pub fn hash(&self, path: &RepoPath) -> Option<Hash> {
        self.hash_of(path, &self.entry(path))
    }

    /// The tracked files in a folder and below it, in order, with their contents.
    pub fn hashes_under<'a>(
        &'a self,
        dir: &'a RepoPath,
    ) -> impl Iterator<Item = (&'a RepoPath, Option<Hash>)> {
        let files = self.entries_under(dir);
        files.map(|(path, entry)| (path, self.hash_of(path, entry)))
    }

    /// True if a readable text file is there, tracked or not.
    pub fn exists(&self, path: &RepoPath) -> bool {
        matches!(self.has(path), Ok(true))
    }

    /// As [`Repo::exists`], with the reason where what is there is none.
    ///
    /// # Errors
    /// As [`Repo::text`].
    pub fn has(&self, path: &RepoPath) -> Result<bool, Unreadable> {
        let entry = self.entry(path);
        let read = || Ok(self.text_of(path, &entry)?.is_some());
        self.known_hash_of(&entry).map_or_else(read, |_| Ok(true))
    }

    /// True if something is there, be it no text: it is not read for that.
    pub fn is_there(&self, path: &RepoPath) -> bool {
        let entry = self.entry(path);
        match entry.text.get() {
            Some(text) => !matches!(text, Ok(None)),
            None => entry.stamp.is_some() || self.loader.is_there(path),
        }
    }

    /// The text of a file; `Ok(None)` if there is none.
    ///
    /// # Errors
    /// When something is there that is not a readable text file.
    pub fn text(&self, path: &RepoPath) -> Text {
        self.text_of(path, &self.entry(path))
    }

    /// The text of a file as a [`Source`], named relative to the flake's folder.
    ///
    /// # Errors
    /// As [`Repo::text`].
    pub fn source(&self, path: &RepoPath) -> Result<Option<Source>, Unreadable> {
        let text = self.text(path)?;
        Ok(text.map(|text| self.named(path, text)))
    }

    /// A text as a [`Source`], named relative to the flake's folder.
    pub fn named(&self, path: &RepoPath, text: Arc<str>) -> Source {
        Source::new(self.shown(path), text)
    }

    /// As [`Repo::source`], read when it is needed: if it has this content then.
    pub fn lazy_source(&self, path: &RepoPath, content: Hash) -> LazySource {
        self.lazy_source_of(path, &self.entry(path), content)
    }

    pub(super) fn lazy_source_of(
        &self,
        path: &RepoPath,
        entry: &Arc<Entry>,
        content: Hash,
    ) -> LazySource {
        let (dir, loader) = (self.dir.clone(), self.loader.clone());
        LazySource::new(path.clone(), dir, content, entry.clone(), loader)
    }

    /// A file parsed as Nix, once; `None` if it is not there or not text.
    pub fn nix(&self, path: &RepoPath) -> Option<Result<NixFile, SyntaxError>> {
        let entry = self.entry(path);
        let parse = || {
            let text = self.text_of(path, &entry).ok().flatten()?;
            Some(self.parse(path, text))
        };
        entry.nix.get_or_init(parse).clone()
    }

    /// As [`Repo::nix`], if somebody has asked for that before.
    pub fn known_nix(&self, path: &RepoPath) -> Option<Result<NixFile, SyntaxError>> {
        self.entry(path).nix.get().cloned().flatten()
    }

    /// As [`Repo::nix`], for one who needs the tree only once: it is not kept.
    pub fn nix_once(&self, path: &RepoPath) -> Option<Result<NixFile, SyntaxError>> {
        let entry = self.entry(path);
        if let Some(known) = entry.nix.get() {
            return known.clone();
        }
        let text = self.text_of(path, &entry).ok().flatten()?;
        Some(self.parse(path, text))
    }

    /// A text of a file, parsed as Nix.
    ///
    /// # Errors
    /// When it does not parse.
    pub fn parse(&self, path: &RepoPath, text: Arc<str>) -> Result<NixFile, SyntaxError> {
        self.loader.parsing(path);
        NixFile::parse(text)
    }

    pub(super) fn text_of(&self, path: &RepoPath, entry: &Entry) -> Text {
        entry.text(path, &*self.loader)
    }

    pub(super) fn known_hash_of(&self, entry: &Entry) -> Option<Hash> {
        if let Some(known) = entry.content.get() {
            return Some(*known);
        }
        let found = self.hash_lookup.as_ref()?(entry.stamp.as_ref()?)?;
        Some(*entry.content.get_or_init(|| found))
    }

    fn hash_of(&self, path: &RepoPath, entry: &Entry) -> Option<Hash> {
        // What others have seen of the file counts, should somebody have edited it since.
        if let Some(Ok(Some(text))) = entry.text.get() {
            return Some(Hash::of(text));
        }
        let read = || Some(Hash::of(&self.text_of(path, entry).ok()??));
        self.known_hash_of(entry).or_else(read)
    }

    pub(super) fn entry(&self, path: &RepoPath) -> Arc<Entry> {
        if let Some(asked) = &self.asked {
            let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
            asked.insert(path.clone());
        }
        if let Some(entry) = self.tracked.get(path) {
            return entry.clone();
        }
        self.others().entry(path.clone()).or_default().clone()
    }
}
