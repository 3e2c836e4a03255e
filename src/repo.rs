//! The repository as larder sees it: the list of tracked files, and the text of
//! those that somebody asked for.
//!
//! `io` supplies the list and a [`Loader`]; tests supply pairs of path and text.
//! Everything is read once and kept. [`Repo::after`] is the repository as a plan
//! would leave it, so the same rules judge what is and what would be.
//!
//! Absent on purpose: writing, and any notion of a current folder.

mod known;
mod lazy_source;
mod path;
mod read;
mod tracked;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

pub use self::known::{Hash, Stamp};
pub use self::lazy_source::LazySource;
pub use self::path::RepoPath;
pub use self::tracked::TrackedFile;

use crate::diagnostic::Source;
use crate::nix::{NixFile, SyntaxError};

/// What git knows of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tracking {
    /// In the index, intent-to-add included: Nix sees it in a flake.
    Tracked,
    /// On the disk only: Nix does not see it in a flake.
    Untracked,
}

/// Why a file that exists cannot be used as text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The bytes are not UTF-8 (an encrypted file, say).
    #[error("is not UTF-8 text")]
    NotText,
    /// A folder, a device, a link out of the work tree, or too large.
    #[error("{0}")]
    NotAFile(String),
    /// The system's own words.
    #[error("cannot be read: {0}")]
    System(String),
}

/// Brings the bytes of files that somebody asks for.
pub trait Loader: Send + Sync {
    /// The text of a file; `Ok(None)` if there is no such file.
    ///
    /// # Errors
    /// When something is there that is not a readable text file.
    fn load(&self, path: &RepoPath) -> Result<Option<Arc<str>>, Unreadable>;

    /// True if something is there, be it no text.
    fn is_there(&self, path: &RepoPath) -> bool {
        !matches!(self.load(path), Ok(None))
    }

    /// Hears that the text of a file is parsed as Nix.
    fn parsing(&self, _: &RepoPath) {}
}

/// Looks up the content of the file with this stamp, without reading it.
pub type HashLookup = Arc<dyn Fn(&Stamp) -> Option<Hash> + Send + Sync>;

type Text = Result<Option<Arc<str>>, Unreadable>;
type Nix = Result<NixFile, SyntaxError>;

#[derive(Default)]
struct Entry {
    text: OnceLock<Text>,
    nix: OnceLock<Option<Nix>>,
    stamp: Option<Stamp>,
    /// The hash of its content: looked up, or noted when the file was read.
    content: OnceLock<Hash>,
}

impl Entry {
    fn text(&self, path: &RepoPath, loader: &dyn Loader) -> Text {
        self.text.get_or_init(|| loader.load(path)).clone()
    }
}

/// The tracked files of a repository, read when asked for.
#[derive(Clone)]
pub struct Repo {
    dir: RepoPath,
    tracked: BTreeMap<RepoPath, Arc<Entry>>,
    others: Arc<Mutex<HashMap<RepoPath, Arc<Entry>>>>,
    loader: Arc<dyn Loader>,
    has_git: bool,
    /// What is staged and not on the disk.
    staged: Arc<[(RepoPath, Arc<str>)]>,
    hash_lookup: Option<HashLookup>,
    /// Who was asked for, if somebody wants to know.
    asked: Option<Arc<Mutex<BTreeSet<RepoPath>>>>,
}

/// What becomes of one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It holds this text, and git knows it.
    Text(Arc<str>),
    /// It is gone.
    Gone,
}

impl Repo {
    /// A repository whose flake is in the folder `dir` and whose tracked files
    /// are `tracked`, with the stamps of those that can be known again. `has_git` is
    /// false where there is only a folder.
    pub fn new(
        dir: RepoPath,
        tracked: impl IntoIterator<Item = (RepoPath, Option<Stamp>)>,
        loader: Arc<dyn Loader>,
        has_git: bool,
    ) -> Self {
        let entry = |stamp| {
            Arc::new(Entry {
                stamp,
                ..Entry::default()
            })
        };
        let tracked = tracked.into_iter();
        Self {
            dir,
            tracked: tracked.map(|(path, stamp)| (path, entry(stamp))).collect(),
            others: Arc::default(),
            loader,
            has_git,
            staged: Arc::new([]),
            hash_lookup: None,
            asked: None,
        }
    }

    /// The same repository, with what git's index has of files and the disk has not.
    #[must_use]
    pub fn with_staged(self, staged: impl IntoIterator<Item = (RepoPath, String)>) -> Self {
        let staged = staged.into_iter().map(|(path, text)| (path, text.into()));
        Self {
            staged: staged.collect(),
            ..self
        }
    }

    /// What the system says of its tracked files, as far as that identifies them, and
    /// the hashes of their contents where they are known.
    pub fn stamps(&self) -> impl Iterator<Item = (&Stamp, Option<Hash>)> {
        let entries = self.tracked.values();
        entries.filter_map(|entry| Some((entry.stamp.as_ref()?, self.known_hash_of(entry))))
    }

    /// The same repository, which looks up contents by their stamps: such files need
    /// not be read for what is known of the content.
    #[must_use]
    pub fn with_hash_lookup(self, lookup: HashLookup) -> Self {
        Self {
            hash_lookup: Some(lookup),
            ..self
        }
    }

    /// The same repository, which notes from here on which files it is asked for.
    #[must_use]
    pub fn watched(&self) -> Self {
        Self {
            asked: Some(Arc::default()),
            ..self.clone()
        }
    }

    /// The files that a [`Repo::watched`] one was asked for, by path.
    pub fn asked(&self) -> Vec<RepoPath> {
        let asked = self.asked.as_ref();
        let asked = asked.map(|asked| asked.lock().unwrap_or_else(PoisonError::into_inner));
        asked
            .iter()
            .flat_map(|asked| asked.iter().cloned())
            .collect()
    }

    /// A repository of these files, all tracked, the flake at its top.
    ///
    /// # Panics
    /// When a path leaves the repository; it is for tests and examples.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let empty = Self::new(RepoPath::default(), [], Arc::new(Nothing), true);
        empty.after(pairs.into_iter().map(|(path, text)| {
            let path = RepoPath::new(path).expect("paths of examples stay inside");
            (path, Outcome::Text(text.into()))
        }))
    }

    /// The repository as it would be with these outcomes.
    #[must_use]
    pub fn after(&self, outcomes: impl IntoIterator<Item = (RepoPath, Outcome)>) -> Self {
        let mut next = self.clone();
        next.others = Arc::new(Mutex::new(self.others().clone()));
        for (path, outcome) in outcomes {
            next.put(path, outcome);
        }
        next
    }

    /// Changes this repository in memory.
    ///
    /// For the owner of a copy that [`Repo::after`] made: a plain clone shares
    /// what was read of untracked files.
    pub fn put(&mut self, path: RepoPath, outcome: Outcome) {
        let (text, tracked) = match outcome {
            Outcome::Text(text) => (Some(text), true),
            Outcome::Gone => (None, false),
        };
        let entry = Arc::new(Entry {
            text: OnceLock::from(Ok(text)),
            ..Entry::default()
        });
        self.others().insert(path.clone(), entry.clone());
        if tracked {
            self.tracked.insert(path, entry);
        } else {
            self.tracked.remove(&path);
        }
    }

    /// The flake's folder.
    pub fn dir(&self) -> &RepoPath {
        &self.dir
    }

    /// False where there is no git repository, so that git's view is unknown.
    pub fn has_git(&self) -> bool {
        self.has_git
    }

    /// The path that `relative` names from the flake's folder.
    pub fn path(&self, relative: &str) -> Option<RepoPath> {
        self.dir.join(relative)
    }

    /// A path as people type it: from the flake's folder.
    pub fn shown(&self, path: &RepoPath) -> String {
        path.relative_to(&self.dir)
    }

    /// What git's index has of files and the disk has not: the name that people know
    /// the file by, and the staged text.
    pub fn staged(&self) -> impl Iterator<Item = Source> {
        let staged = self.staged.iter();
        // A file that was only touched has another date than its entry.
        let other =
            staged.filter(|(path, text)| !matches!(self.text(path), Ok(Some(now)) if now == *text));
        other.map(|(path, text)| Source::new(self.shown(path), text.clone()))
    }

    /// The paths of the tracked files, in order.
    pub fn tracked(&self) -> impl Iterator<Item = &RepoPath> {
        self.tracked.keys()
    }

    /// The tracked files in a folder and below it, in order.
    pub fn tracked_under<'a>(&'a self, dir: &'a RepoPath) -> impl Iterator<Item = &'a RepoPath> {
        self.entries_under(dir).map(|(path, _)| path)
    }

    fn entries_under<'a>(
        &'a self,
        dir: &'a RepoPath,
    ) -> impl Iterator<Item = (&'a RepoPath, &'a Arc<Entry>)> {
        let prefix = if dir.as_str().is_empty() {
            String::new()
        } else {
            format!("{dir}/")
        };
        self.tracked
            .range(RepoPath::prefix(&prefix)..)
            .take_while(move |(path, _)| path.as_str().starts_with(&prefix))
    }

    /// What git knows of a path that exists.
    pub fn tracking(&self, path: &RepoPath) -> Tracking {
        if self.tracked.contains_key(path) {
            Tracking::Tracked
        } else {
            Tracking::Untracked
        }
    }

    fn others(&self) -> std::sync::MutexGuard<'_, HashMap<RepoPath, Arc<Entry>>> {
        // A panic elsewhere leaves the map whole: entries are only ever added.
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Repo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Repo")
            .field("dir", &self.dir)
            .field("tracked", &self.tracked.len())
            .finish_non_exhaustive()
    }
}

/// The loader of a repository that is only in memory.
struct Nothing;

impl Loader for Nothing {
    fn load(&self, _: &RepoPath) -> Result<Option<Arc<str>>, Unreadable> {
        Ok(None)
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
            (path("a.nix"), Outcome::Text("{ x = 1; }".into())),
            (path("b.nix"), Outcome::Gone),
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
