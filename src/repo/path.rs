//! Paths that stay inside the work tree.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A path inside the git work tree: relative to its top, `/` between the parts,
/// no `.` or `..` in it. The empty path is the top itself. Cheap to clone: many hold
/// the same one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct RepoPath(Arc<str>);

impl RepoPath {
    /// The path that `text` names from the top; `None` if it leaves the work
    /// tree, is absolute, or holds a NUL or a line break.
    pub fn new(text: &str) -> Option<Self> {
        Self::default().join(text)
    }

    /// The path that `relative` names from here; `None` as for [`RepoPath::new`].
    pub fn join(&self, relative: &str) -> Option<Self> {
        Self::joined(&self.0, relative)
    }

    /// The path that `relative` names from the folder that holds this one; `None` as
    /// for [`RepoPath::new`].
    pub fn beside(&self, relative: &str) -> Option<Self> {
        Self::joined(self.parent_text(), relative)
    }

    fn joined(dir: &str, relative: &str) -> Option<Self> {
        let is_strange = |byte: u8| matches!(byte, 0 | b'\n' | b'\r');
        if relative.starts_with('/') || relative.bytes().any(is_strange) {
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

    /// The folder that holds it; the top for the top.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.parent_text().into())
    }

    /// As [`RepoPath::parent`], as text.
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

    /// This path as seen from the folder `from`, with `../` where it must climb.
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

    /// The least path that begins with this text.
    pub(super) fn prefix(text: &str) -> Self {
        Self(text.into())
    }

    fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }
}

// It is compared and hashed as its text is.
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
