//! What is known of one file, each part computed once and kept.

use std::sync::{Arc, OnceLock};

use super::hash::Hash;
use super::loader::{Loader, Text};
use super::path::RepoPath;
use super::stamp::Stamp;
use crate::nix::{NixFile, SyntaxError};

/// The cache of one file.
#[derive(Default)]
pub(super) struct CachedFile {
    pub(super) text: OnceLock<Text>,
    /// The parsed text; `None` if no text file exists.
    pub(super) nix: OnceLock<Option<Result<NixFile, SyntaxError>>>,
    pub(super) stamp: Option<Stamp>,
    /// The hash of the content, where it is known without reading the file.
    pub(super) hash: OnceLock<Hash>,
}

impl CachedFile {
    /// A file of which nothing is known but its stamp.
    pub(super) fn with_stamp(stamp: Option<Stamp>) -> Self {
        Self {
            stamp,
            ..Self::default()
        }
    }

    /// A file that holds this text; `None` for a file that does not exist.
    pub(super) fn with_text(text: Option<Arc<str>>) -> Self {
        Self {
            text: OnceLock::from(Ok(text)),
            ..Self::default()
        }
    }

    /// The text, loaded on the first call.
    pub(super) fn text(&self, path: &RepoPath, loader: &dyn Loader) -> Text {
        self.text.get_or_init(|| loader.load(path)).clone()
    }
}
