//! Paths that stay inside the work tree.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A path inside the git work tree: relative to the top, with `/` between the parts and
/// without `.` or `..`. The empty path is the top. Cheap to clone: the text is shared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct RepoPath(Arc<str>);

impl RepoPath {
    /// The path that `text` names from the top; `None` if the path leaves the work tree,
    /// is absolute, or contains a NUL or a line break.
    pub fn new(text: &str) -> Option<Self> {
        Self::default().join(text)
    }

    /// The path that `relative` names from this folder; `None` as for [`RepoPath::new`].
    pub fn join(&self, relative: &str) -> Option<Self> {
        Self::joined(&self.0, relative)
    }

    /// The path that `relative` names from the parent folder; `None` as for
    /// [`RepoPath::new`].
    pub fn beside(&self, relative: &str) -> Option<Self> {
        Self::joined(self.parent_text(), relative)
    }

    fn joined(dir: &str, relative: &str) -> Option<Self> {
        let is_forbidden = |byte: u8| matches!(byte, 0 | b'\n' | b'\r');
        if relative.starts_with('/') || relative.bytes().any(is_forbidden) {
            return None;
        }
        if dir.is_empty()
            && !relative
                .split('/')
                .any(|part| matches!(part, "" | "." | ".."))
        {
            return Some(Self(relative.into()));
        }
        let mut path = String::with_capacity(dir.len() + 1 + relative.len());
        path.push_str(dir);
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." if path.is_empty() => return None,
                ".." => path.truncate(path.rfind('/').unwrap_or(0)),
                name => {
                    if !path.is_empty() {
                        path.push('/');
                    }
                    path.push_str(name);
                }
            }
        }
        Some(Self(path.into()))
    }

    /// The parent folder; the top for the top.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.parent_text().into())
    }

    /// The parent folder as text.
    pub fn parent_text(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(dir, _)| dir)
    }

    /// The last part of the path.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// This path relative to the folder `from`, with `../` where needed.
    pub fn relative_to(&self, from: &Self) -> String {
        if from.0.is_empty() {
            return self.0.to_string();
        }
        let here: Vec<&str> = from.parts().collect();
        let there: Vec<&str> = self.parts().collect();
        let common = here.iter().zip(&there).take_while(|(a, b)| a == b).count();
        let up = std::iter::repeat_n("..", here.len() - common);
        up.chain(there[common..].iter().copied())
            .collect::<Vec<_>>()
            .join("/")
    }

    /// The first path in order that begins with this text.
    pub(super) fn prefix(text: &str) -> Self {
        Self(text.into())
    }

    fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }
}

// Equality, order and hash are those of the text.
impl Borrow<str> for RepoPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside_the_work_tree() {
        assert_eq!(RepoPath::new("a/./b/../c").unwrap().as_str(), "a/c");
        assert_eq!(RepoPath::new("a/..//b/").unwrap().as_str(), "b");
        for outside in ["../x", "/etc/passwd", "a/../../x", "a\nb"] {
            assert_eq!(RepoPath::new(outside), None, "{outside}");
        }
    }

    #[test]
    fn a_path_is_shown_from_the_flakes_folder() {
        let module = RepoPath::new("hosts/pai.nix").unwrap();
        let nested = RepoPath::new("nix/flake").unwrap();
        assert_eq!(module.relative_to(&nested), "../../hosts/pai.nix");
        assert_eq!(module.relative_to(&RepoPath::default()), "hosts/pai.nix");
    }
}
