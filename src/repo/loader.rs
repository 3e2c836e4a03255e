//! Where the texts of a repository come from.

use std::sync::Arc;

use super::path::RepoPath;

/// Why a file that exists cannot be used as text. Each is a phrase that follows the path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The bytes are not UTF-8; an encrypted file, for example.
    #[error("is not UTF-8 text")]
    NotText,
    /// A folder, a device, a link out of the work tree, or a file that is too large.
    #[error("{0}")]
    NotAFile(String),
    /// An error of the system, in its own words.
    #[error("cannot be read: {0}")]
    System(String),
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
