//! The repository as larder sees it: the list of tracked files, and their texts, read
//! lazily and cached.
//!
//! `io` supplies the list and a [`Loader`]; tests supply pairs of path and text. Every
//! file is read once and kept. [`Repo::after`] is the repository as a plan would leave
//! it, so that the same rules judge the present and the future state.
//!
//! Absent on purpose: writing, and any notion of a current folder.

mod cached_file;
mod hash;
mod lazy_source;
mod links;
mod loader;
mod path;
mod read;
mod repository;
mod stamp;
mod tracked_file;

pub use self::hash::Hash;
pub use self::lazy_source::LazySource;
pub use self::loader::{Loader, Unreadable};
pub use self::path::RepoPath;
pub use self::repository::{FileState, Repo, Tracking};
pub use self::stamp::{HashLookup, Stamp};
pub use self::tracked_file::TrackedFile;
