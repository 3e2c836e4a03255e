//! A source whose text is read lazily.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::cached_file::CachedFile;
use super::hash::Hash;
use super::loader::Loader;
use super::path::RepoPath;
use crate::diagnostic::Source;

/// A file of a repository. Its text is read when [`LazySource::source`] is first called.
///
/// The byte ranges that a finding points to belong to one content. If the file has
/// another content by the time it is read, the text is empty, so that no range of the
/// old text is shown in the new one.
#[derive(Clone)]
pub struct LazySource(Arc<Inner>);

struct Inner {
    path: RepoPath,
    /// The flake's folder.
    dir: RepoPath,
    hash: Hash,
    file: Arc<CachedFile>,
    loader: Arc<dyn Loader>,
    source: OnceLock<Source>,
}

impl LazySource {
    pub(super) fn new(
        path: RepoPath,
        dir: RepoPath,
        hash: Hash,
        file: Arc<CachedFile>,
        loader: Arc<dyn Loader>,
    ) -> Self {
        let source = OnceLock::new();
        Self(Arc::new(Inner {
            path,
            dir,
            hash,
            file,
            loader,
            source,
        }))
    }

    /// The path of the file.
    pub fn path(&self) -> &RepoPath {
        &self.0.path
    }

    /// The path relative to the flake's folder, as users type it.
    pub fn shown(&self) -> String {
        self.path().relative_to(&self.0.dir)
    }

    /// The file as a [`Source`], named relative to the flake's folder.
    pub fn source(&self) -> &Source {
        let named = || Source::new(self.shown(), self.text().unwrap_or_default());
        self.0.source.get_or_init(named)
    }

    fn text(&self) -> Option<Arc<str>> {
        let Inner { file, path, .. } = &*self.0;
        let text = file.text(path, &*self.0.loader).ok()??;
        (Hash::of(&text) == self.0.hash).then_some(text)
    }
}

impl PartialEq for LazySource {
    fn eq(&self, other: &Self) -> bool {
        self.path() == other.path()
    }
}

impl Eq for LazySource {}

impl fmt::Debug for LazySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LazySource").field(self.path()).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::repo::{Repo, Stamp, Unreadable};

    /// A file that has another text each time it is read.
    #[derive(Default)]
    struct Edited(AtomicUsize);

    impl Loader for Edited {
        fn load(&self, _: &RepoPath) -> Result<Option<Arc<str>>, Unreadable> {
            let time = self.0.fetch_add(1, Ordering::Relaxed);
            Ok(Some(format!("text {time}").into()))
        }
    }

    fn file() -> RepoPath {
        RepoPath::new("a.nix").unwrap()
    }

    fn repo(is_at_rest: bool) -> Repo {
        let stamp = is_at_rest.then_some(Stamp {
            device: 1,
            inode: 2,
            size: 6,
            modified: Duration::from_secs(1),
            changed: Duration::from_secs(1),
        });
        let loader = Arc::new(Edited::default());
        Repo::new(RepoPath::default(), [(file(), stamp)], loader, true)
    }

    fn uncached(repo: &Repo) -> Arc<str> {
        let file = repo.files().next().unwrap();
        file.text_uncached().unwrap().unwrap()
    }

    #[test]
    fn a_text_that_can_be_read_again_is_not_cached() {
        let text = |repo: &Repo| uncached(repo).to_string();
        let repo_at_rest = repo(true);
        assert_eq!(text(&repo_at_rest), "text 0");
        assert_eq!(text(&repo_at_rest), "text 1");
        let repo_in_motion = repo(false);
        assert_eq!(text(&repo_in_motion), "text 0");
        assert_eq!(text(&repo_in_motion), "text 0");
    }

    #[test]
    fn the_content_is_that_of_the_text_that_others_see() {
        let repo = repo(true);
        let before = Hash::of(&uncached(&repo));
        repo.files().next().unwrap().set_known_hash(before);
        assert_eq!(repo.hash(&file()), Some(before));
        let text = repo.text(&file()).unwrap().unwrap();
        assert_eq!(repo.hash(&file()), Some(Hash::of(&text)));
    }

    #[test]
    fn no_place_in_an_old_text_is_shown_in_a_new_one() {
        let repo = repo(true);
        let text = uncached(&repo);
        let lazy = repo.lazy_source(&file(), Hash::of(&text));
        assert_eq!(&*lazy.source().text, "");
        let text = repo.text(&file()).unwrap().unwrap();
        assert_eq!(
            repo.lazy_source(&file(), Hash::of(&text)).source().text,
            text,
            "a cached text is the same"
        );
    }
}
