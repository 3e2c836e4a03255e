//! The symbolic links that git tracks.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::path::RepoPath;

/// The longest chain of links that is followed: Linux' own limit.
const MAX_LINKS: usize = 40;

/// What the tracked symbolic links of a repository point to, by their paths. Cheap to
/// clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Links(Arc<BTreeMap<RepoPath, RepoPath>>);

impl Links {
    pub(super) fn new(links: impl IntoIterator<Item = (RepoPath, RepoPath)>) -> Self {
        Self(Arc::new(links.into_iter().collect()))
    }

    /// What a path leads to, as Nix follows it: links to the file or the folder itself, and
    /// none among the folders above. A loop ends somewhere in it.
    pub(super) fn followed(&self, path: &RepoPath) -> RepoPath {
        let mut path = path;
        for _ in 0..MAX_LINKS {
            match self.0.get(path) {
                Some(target) => path = target,
                None => break,
            }
        }
        path.clone()
    }

    /// The link among the folders above a path.
    pub(super) fn above(&self, path: &RepoPath) -> Option<&RepoPath> {
        let text = path.as_str();
        let mut folders = text.match_indices('/').map(|(at, _)| &text[..at]);
        folders.find_map(|folder| Some(self.0.get_key_value(folder)?.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RepoPath {
        RepoPath::new(text).unwrap()
    }

    fn links(links: &[(&str, &str)]) -> Links {
        Links::new(links.iter().map(|(from, to)| (path(from), path(to))))
    }

    #[test]
    fn a_link_is_followed_and_one_above_is_not() {
        let links = links(&[("pai.nix", "hosts/pai.nix"), ("hosts", "nix/machines")]);
        let followed = |text: &str| links.followed(&path(text)).to_string();
        assert_eq!(followed("pai.nix"), "hosts/pai.nix");
        assert_eq!(followed("hosts"), "nix/machines");
        assert_eq!(followed("nix/hosts"), "nix/hosts");
        assert_eq!(links.above(&path("hosts/pai.nix")), Some(&path("hosts")));
        assert_eq!(links.above(&path("hosts")), None);
    }

    #[test]
    fn a_loop_ends() {
        let links = links(&[("a", "b"), ("b", "a")]);
        assert_eq!(links.followed(&path("a")), path("a"));
    }
}
