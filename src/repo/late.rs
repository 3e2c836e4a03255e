//! A text that is read when somebody points into it.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::{Entry, Hash, Loader, RepoPath};
use crate::diagnostic::Source;

/// A file of a repository, and its text once somebody asks for it.
///
/// What was said of a file that was known without being read is true of one content
/// only: where the file has another by now, its text is taken for empty, so that no
/// place in the old one is shown in the new.
#[derive(Clone)]
pub struct Late(Arc<Inner>);

struct Inner {
    path: RepoPath,
    /// The flake's folder.
    dir: RepoPath,
    told: Option<Hash>,
    entry: Arc<Entry>,
    loader: Arc<dyn Loader>,
    source: OnceLock<Source>,
}

impl Late {
    pub(super) fn new(
        path: RepoPath,
        dir: RepoPath,
        told: Option<Hash>,
        entry: Arc<Entry>,
        loader: Arc<dyn Loader>,
    ) -> Self {
        let source = OnceLock::new();
        Self(Arc::new(Inner {
            path,
            dir,
            told,
            entry,
            loader,
            source,
        }))
    }

    /// The file.
    pub fn path(&self) -> &RepoPath {
        &self.0.path
    }

    /// The content, where it was told without being read.
    pub fn told(&self) -> Option<Hash> {
        self.0.told
    }

    /// The name that people know it by.
    pub fn shown(&self) -> String {
        self.path().relative_to(&self.0.dir)
    }

    /// The text, and the name that people know it by.
    pub fn source(&self) -> &Source {
        let named = || Source::new(self.shown(), self.text().unwrap_or_default());
        self.0.source.get_or_init(named)
    }

    fn text(&self) -> Option<Arc<str>> {
        let Inner { entry, path, .. } = &*self.0;
        let text = entry.text(path, &*self.0.loader).ok()??;
        let is_as_told = |told| told == Hash::of(&text);
        self.told().is_none_or(is_as_told).then_some(text)
    }
}

impl PartialEq for Late {
    fn eq(&self, other: &Self) -> bool {
        self.path() == other.path()
    }
}

impl Eq for Late {}

impl fmt::Debug for Late {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Late").field(self.path()).finish()
    }
}
