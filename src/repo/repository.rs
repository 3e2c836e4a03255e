//! The files of a repository, and the same repository with some of them changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::cached_file::CachedFile;
use super::hash::Hash;
use super::links::Links;
use super::loader::{Loader, NoFiles};
use super::path::RepoPath;
use super::stamp::{HashLookup, Stamp};
use crate::text::shell_word;

/// Whether git tracks a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tracking {
    /// In the index, intent-to-add included: Nix sees the file in a flake.
    Tracked,
    /// On the disk only: Nix does not see the file in a flake.
    Untracked,
}

/// The tracked files of a repository, read lazily.
#[derive(Clone)]
pub struct Repo {
    pub(super) dir: RepoPath,
    pub(super) tracked: BTreeMap<RepoPath, Arc<CachedFile>>,
    untracked: Arc<Mutex<HashMap<RepoPath, Arc<CachedFile>>>>,
    pub(super) loader: Arc<dyn Loader>,
    has_git: bool,
    /// The folders of the submodules, checked out or not.
    submodules: Arc<[RepoPath]>,
    links: Links,
    /// The staged texts of files that the disk does not have, or has with another text.
    pub(super) staged: Arc<[(RepoPath, Arc<str>)]>,
    pub(super) hash_lookup: Option<HashLookup>,
    /// The paths that were accessed, if they are recorded.
    accessed: Option<Arc<Mutex<BTreeSet<RepoPath>>>>,
}

/// The state of one path after a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileState {
    /// The file holds this text, and git tracks it.
    Text(Arc<str>),
    /// The file does not exist.
    Deleted,
}

impl Repo {
    /// A repository whose flake is in the folder `dir`. `tracked` are the tracked files,
    /// with the stamps of those that were at rest. `has_git` is false for a folder
    /// without a git repository.
    pub fn new(
        dir: RepoPath,
        tracked: impl IntoIterator<Item = (RepoPath, Option<Stamp>)>,
        loader: Arc<dyn Loader>,
        has_git: bool,
    ) -> Self {
        let file = |stamp| Arc::new(CachedFile::with_stamp(stamp));
        let tracked = tracked.into_iter();
        Self {
            dir,
            tracked: tracked.map(|(path, stamp)| (path, file(stamp))).collect(),
            untracked: Arc::default(),
            loader,
            has_git,
            submodules: Arc::new([]),
            links: Links::default(),
            staged: Arc::new([]),
            hash_lookup: None,
            accessed: None,
        }
    }

    /// The same repository with submodules in these folders.
    #[must_use]
    pub fn with_submodules(self, folders: impl IntoIterator<Item = RepoPath>) -> Self {
        Self {
            submodules: folders.into_iter().collect(),
            ..self
        }
    }

    /// The same repository with these symbolic links, each with what it points to.
    #[must_use]
    pub fn with_links(self, links: impl IntoIterator<Item = (RepoPath, RepoPath)>) -> Self {
        Self {
            links: Links::new(links),
            ..self
        }
    }

    /// The same repository with the staged texts of files that are deleted or edited in
    /// the work tree.
    #[must_use]
    pub fn with_staged(self, staged: impl IntoIterator<Item = (RepoPath, String)>) -> Self {
        let staged = staged.into_iter().map(|(path, text)| (path, text.into()));
        Self {
            staged: staged.collect(),
            ..self
        }
    }

    /// The same repository with a lookup of content hashes by stamp: where only the hash
    /// is needed, a file that the lookup knows is not read.
    #[must_use]
    pub fn with_hash_lookup(self, lookup: HashLookup) -> Self {
        Self {
            hash_lookup: Some(lookup),
            ..self
        }
    }

    /// The same repository, which from here on records the paths that are accessed.
    #[must_use]
    pub fn recording_accesses(&self) -> Self {
        Self {
            accessed: Some(Arc::default()),
            ..self.clone()
        }
    }

    /// The paths that were accessed since [`Repo::recording_accesses`], in order.
    pub fn accessed(&self) -> Vec<RepoPath> {
        let accessed = self.accessed.as_ref().map(lock);
        accessed
            .iter()
            .flat_map(|paths| paths.iter().cloned())
            .collect()
    }

    /// A repository of these files, all tracked, with the flake at the top.
    ///
    /// # Panics
    /// When a path leaves the repository. For tests and examples.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let empty = Self::new(RepoPath::default(), [], Arc::new(NoFiles), true);
        empty.after(pairs.into_iter().map(|(path, text)| {
            let path = RepoPath::new(path).expect("paths of examples stay inside");
            (path, FileState::Text(text.into()))
        }))
    }

    /// The repository with these files changed, in memory.
    #[must_use]
    pub fn after(&self, changes: impl IntoIterator<Item = (RepoPath, FileState)>) -> Self {
        let mut next = self.clone();
        next.untracked = Arc::new(Mutex::new(self.untracked().clone()));
        for (path, state) in changes {
            next.put(path, state);
        }
        next
    }

    /// Changes one file of this repository, in memory.
    ///
    /// Call this only on a copy that [`Repo::after`] made: a plain clone shares the cache
    /// of untracked files with its original.
    pub fn put(&mut self, path: RepoPath, state: FileState) {
        let (text, tracked) = match state {
            FileState::Text(text) => (Some(text), true),
            FileState::Deleted => (None, false),
        };
        let file = Arc::new(CachedFile::with_text(text));
        self.untracked().insert(path.clone(), file.clone());
        if tracked {
            self.tracked.insert(path, file);
        } else {
            self.tracked.remove(&path);
        }
    }

    /// The flake's folder.
    pub fn dir(&self) -> &RepoPath {
        &self.dir
    }

    /// False for a folder without a git repository: what git tracks is unknown.
    pub fn has_git(&self) -> bool {
        self.has_git
    }

    /// The path that `relative` names from the flake's folder.
    pub fn path(&self, relative: &str) -> Option<RepoPath> {
        self.dir.join(relative)
    }

    /// The path that symbolic links lead to: Nix follows them before it reads a file, and
    /// takes the paths in the file from there.
    #[must_use]
    pub fn followed(&self, path: &RepoPath) -> RepoPath {
        self.links.followed(path)
    }

    /// As [`Repo::path`], for a module: with its symbolic links followed.
    pub fn module_path(&self, relative: &str) -> Option<RepoPath> {
        self.path(relative).map(|path| self.followed(&path))
    }

    /// A path relative to the flake's folder, as users type it.
    pub fn shown(&self, path: &RepoPath) -> String {
        path.relative_to(&self.dir)
    }

    /// The paths of the tracked files, in order.
    pub fn tracked(&self) -> impl Iterator<Item = &RepoPath> {
        self.tracked.keys()
    }

    /// The tracked files in a folder and below it, in order.
    pub fn tracked_under<'a>(&'a self, dir: &'a RepoPath) -> impl Iterator<Item = &'a RepoPath> {
        self.files_under(dir).map(|(path, _)| path)
    }

    pub(super) fn files_under<'a>(
        &'a self,
        dir: &'a RepoPath,
    ) -> impl Iterator<Item = (&'a RepoPath, &'a Arc<CachedFile>)> {
        let prefix = if dir.as_str().is_empty() {
            String::new()
        } else {
            format!("{dir}/")
        };
        self.tracked
            .range(RepoPath::prefix(&prefix)..)
            .take_while(move |(path, _)| path.as_str().starts_with(&prefix))
    }

    /// The folder of the submodule that the path is, or is in.
    pub fn submodule_of(&self, path: &RepoPath) -> Option<&RepoPath> {
        let is_in = |folder: &&RepoPath| {
            let below = path.as_str().strip_prefix(folder.as_str());
            below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
        };
        self.submodules.iter().find(is_in)
    }

    /// Why a path is not among the files of the repository, as a sentence.
    pub fn why_absent(&self, path: &RepoPath) -> String {
        if let Some(folder) = self.submodule_of(path) {
            return format!("`{path}` is in the submodule `{folder}`");
        }
        if let Some(link) = self.links.above(path) {
            return format!("`{path}` is behind the symbolic link `{link}`");
        }
        if self.is_unknown_to_git(path) {
            let shown = self.shown(path);
            let word = shell_word(&shown);
            return format!("git does not know `{path}`: run `git add {word}`");
        }
        format!("`{path}` is not among the tracked files")
    }

    /// True if the file is on the disk, and git does not know it: Nix does not see it.
    /// What is behind a symbolic link, git knows by another path.
    pub fn is_unknown_to_git(&self, path: &RepoPath) -> bool {
        let is_untracked = self.has_git() && self.tracking(path) == Tracking::Untracked;
        is_untracked && self.links.above(path).is_none() && self.exists(path)
    }

    /// Whether git tracks a path that exists.
    pub fn tracking(&self, path: &RepoPath) -> Tracking {
        if self.tracked.contains_key(path) {
            Tracking::Tracked
        } else {
            Tracking::Untracked
        }
    }

    /// The cache of a file, tracked or not. The access is recorded.
    pub(super) fn file(&self, path: &RepoPath) -> Arc<CachedFile> {
        if let Some(accessed) = &self.accessed {
            lock(accessed).insert(path.clone());
        }
        if let Some(file) = self.tracked.get(path) {
            return file.clone();
        }
        self.untracked().entry(path.clone()).or_default().clone()
    }

    /// The stamps of the tracked files that have one, with the hashes that are known.
    pub fn stamps(&self) -> impl Iterator<Item = (&Stamp, Option<Hash>)> {
        let files = self.tracked.values();
        files.filter_map(|file| Some((file.stamp.as_ref()?, self.known_hash_of(file))))
    }

    /// The content hash, where it is known without reading the file.
    pub(super) fn known_hash_of(&self, file: &CachedFile) -> Option<Hash> {
        if let Some(known) = file.hash.get() {
            return Some(*known);
        }
        let found = self.hash_lookup.as_ref()?(file.stamp.as_ref()?)?;
        Some(*file.hash.get_or_init(|| found))
    }

    fn untracked(&self) -> MutexGuard<'_, HashMap<RepoPath, Arc<CachedFile>>> {
        lock(&self.untracked)
    }
}

/// A panic in another thread leaves these collections whole: they only ever grow.
fn lock<T>(collection: &Arc<Mutex<T>>) -> MutexGuard<'_, T> {
    collection.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Repo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Repo")
            .field("dir", &self.dir)
            .field("tracked", &self.tracked.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_shows_a_plan_without_touching_the_original() {
        let before = Repo::from_pairs([("a.nix", "{ }"), ("b.nix", "{ }")]);
        let path = |p| RepoPath::new(p).unwrap();
        let after = before.after([
            (path("a.nix"), FileState::Text("{ x = 1; }".into())),
            (path("b.nix"), FileState::Deleted),
        ]);
        assert_eq!(&*after.text(&path("a.nix")).unwrap().unwrap(), "{ x = 1; }");
        assert!(!after.exists(&path("b.nix")));
        assert_eq!(&*before.text(&path("a.nix")).unwrap().unwrap(), "{ }");
        assert!(before.exists(&path("b.nix")));
    }

    #[test]
    fn a_folder_is_listed_without_its_namesakes() {
        let repo = Repo::from_pairs([("a/x", ""), ("a/b/y", ""), ("ab", ""), ("a.nix", "")]);
        let dir = RepoPath::new("a").unwrap();
        let under: Vec<_> = repo.tracked_under(&dir).map(RepoPath::as_str).collect();
        assert_eq!(under, ["a/b/y", "a/x"]);
    }
}
