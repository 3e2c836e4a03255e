//! Where the texts of a repository come from.

use std::sync::Arc;

use super::path::RepoPath;

/// Why a file that exists cannot be used as text. Each is a phrase that follows the path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The bytes are not UTF-8.
    #[error("is not UTF-8 text")]
    NotText,
    /// The bytes are those of git-crypt, which is locked.
    #[error("is encrypted by git-crypt")]
    Locked,
    /// A pointer of Git LFS in place of the file.
    #[error("is a pointer of Git LFS: the file itself is not here")]
    Pointer,
    /// A sparse checkout leaves the file out, and git does not have its content either.
    #[error("is left out by sparse checkout, and this partial clone does not have it")]
    NotFetched,
    /// A folder, a device, a link out of the work tree, or a file that is too large.
    #[error("{0}")]
    NotAFile(String),
    /// An error of the system, in its own words.
    #[error("cannot be read: {0}")]
    System(String),
}

/// With these bytes begins what git-crypt has encrypted.
const GIT_CRYPT: &[u8] = b"\0GITCRYPT\0";

/// With these bytes begins what git has of a file that Git LFS keeps.
const LFS_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";

impl Unreadable {
    /// Why these bytes are not the file, though they may be text.
    pub fn stands_in(bytes: &[u8]) -> Option<Self> {
        bytes.starts_with(LFS_POINTER).then_some(Self::Pointer)
    }

    /// Why these bytes, which are not UTF-8, are no text.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        if bytes.starts_with(GIT_CRYPT) {
            Self::Locked
        } else {
            Self::NotText
        }
    }
}

/// The result of reading a file as text: `Ok(None)` if no such file exists.
pub type Text = Result<Option<Arc<str>>, Unreadable>;

/// Reads files on demand.
pub trait Loader: Send + Sync {
    /// The text of a file; `Ok(None)` if no such file exists.
    ///
    /// # Errors
    /// When the path exists and is not a readable text file.
    fn load(&self, path: &RepoPath) -> Text;

    /// True if anything exists at the path, a text file or not.
    fn path_exists(&self, path: &RepoPath) -> bool {
        !matches!(self.load(path), Ok(None))
    }

    /// The text that git has of a file that a filter changes, such as that of git-crypt;
    /// `None` for a file that git has as it is on the disk.
    fn filtered(&self, _: &RepoPath) -> Option<Result<Arc<str>, Unreadable>> {
        None
    }

    /// Called when the text of a file is parsed as Nix.
    fn parsing(&self, _: &RepoPath) {}
}

/// The loader of a repository that is only in memory.
pub(super) struct NoFiles;

impl Loader for NoFiles {
    fn load(&self, _: &RepoPath) -> Text {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_pointer_stands_in_for_a_file() {
        let pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n";
        assert_eq!(Unreadable::stands_in(pointer), Some(Unreadable::Pointer));
        assert_eq!(Unreadable::stands_in(b"{ version = 1; }\n"), None);
    }
}
