//! A source that is read when somebody points into it.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::{Entry, Hash, Loader, RepoPath};
use crate::diagnostic::Source;

/// A file of a repository, and its text once somebody asks for it.
///
/// What is known of a file is about one content. If the file has another one by now, its
/// text is taken for empty, so that no place in the old text is shown in the new.
#[derive(Clone)]
pub struct LazySource(Arc<Inner>);

struct Inner {
    path: RepoPath,
    /// The flake's folder.
    dir: RepoPath,
    content: Hash,
    entry: Arc<Entry>,
    loader: Arc<dyn Loader>,
    source: OnceLock<Source>,
}

impl LazySource {
    pub(super) fn new(
        path: RepoPath,
        dir: RepoPath,
        content: Hash,
        entry: Arc<Entry>,
        loader: Arc<dyn Loader>,
    ) -> Self {
        let source = OnceLock::new();
        Self(Arc::new(Inner {
            path,
            dir,
            content,
            entry,
            loader,
            source,
        }))
    }

    /// The file.
    pub fn path(&self) -> &RepoPath {
        &self.0.path
    }

    /// Its path relative to the flake's folder.
    pub fn shown(&self) -> String {
        self.path().relative_to(&self.0.dir)
    }

    /// The text as a [`Source`], named relative to the flake's folder.
    pub fn source(&self) -> &Source {
        let named = || Source::new(self.shown(), self.text().unwrap_or_default());
        self.0.source.get_or_init(named)
    }

    fn text(&self) -> Option<Arc<str>> {
        let Inner { entry, path, .. } = &*self.0;
        let text = entry.text(path, &*self.0.loader).ok()??;
        (Hash::of(&text) == self.0.content).then_some(text)
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

    fn text_once(repo: &Repo) -> Arc<str> {
        let file = repo.files().next().unwrap();
        file.text_once().unwrap().unwrap()
    }

    #[test]
    fn what_can_be_read_again_is_not_kept() {
        let text = |repo: &Repo| text_once(repo).to_string();
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
        let before = Hash::of(&text_once(&repo));
        repo.files().next().unwrap().note(before);
        assert_eq!(repo.hash(&file()), Some(before));
        let text = repo.text(&file()).unwrap().unwrap();
        assert_eq!(repo.hash(&file()), Some(Hash::of(&text)));
    }

    #[test]
    fn no_place_in_an_old_text_is_shown_in_a_new_one() {
        let repo = repo(true);
        let text = text_once(&repo);
        let source = repo.lazy_source(&file(), Hash::of(&text));
        assert_eq!(&*source.source().text, "");
        let text = repo.text(&file()).unwrap().unwrap();
        assert_eq!(
            repo.lazy_source(&file(), Hash::of(&text)).source().text,
            text,
            "a text that is kept is the same"
        );
    }
}
