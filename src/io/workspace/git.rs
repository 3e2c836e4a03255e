//! The git repository, discovered and trusted as git itself does it.

use std::path::{Path, PathBuf};

use gix::Repository;
use gix::index::Entry;
use gix::index::entry::Mode;
use gix::sec::trust::Mapping;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::git_error::{git_error, not_opened};
use super::sparse_index;
use crate::diagnostic::{Diagnostic, Stop};
use crate::io::disk::WithPath;
use crate::repo::RepoPath;

/// A git repository that has a work tree.
pub(in crate::io) struct Git {
    repo: Repository,
    root: PathBuf,
}

impl Git {
    /// The repository that contains `start`, or the one that `GIT_DIR` names.
    ///
    /// # Errors
    /// When there is none, when another user owns it, or when it is bare.
    pub(in crate::io) fn discover(start: &Path) -> Result<Self, Stop> {
        let options = || {
            gix::open::Options::default()
                .bail_if_untrusted(true)
                .strict_config(true)
        };
        let trust = Mapping {
            full: options(),
            reduced: options(),
        };
        let upward = gix::discover::upwards::Options {
            match_ceiling_dir_or_error: false,
            ..Default::default()
        };
        let found = gix::ThreadSafeRepository::discover_with_environment_overrides_opts(
            start, upward, trust,
        );
        let repo = found.map_err(|e| not_opened(start, &e))?.to_thread_local();
        let root = repo.workdir().ok_or_else(|| bare(&repo))?;
        let root = root.canonicalize().with_path("open", root)?;
        Ok(Self { repo, root })
    }

    pub(in crate::io) fn repo(&self) -> &Repository {
        &self.repo
    }

    /// The top of the work tree: absolute, with links resolved.
    pub(in crate::io) fn root(&self) -> &Path {
        &self.root
    }

    /// The path of the index file.
    pub(in crate::io) fn index_path(&self) -> PathBuf {
        self.repo.index_path()
    }

    /// The folder of larder's lock, journal and lint cache.
    pub(in crate::io) fn larder_dir(&self) -> PathBuf {
        self.repo.git_dir().join("larder")
    }

    /// The index as it is on the disk now; empty if there is no index file.
    pub(in crate::io) fn index(&self) -> Result<gix::index::File, Stop> {
        let path = self.index_path();
        if !path.exists() {
            let empty = gix::index::State::new(self.repo.object_hash());
            return Ok(gix::index::File::from_state(empty, path));
        }
        let index = self.repo.open_index();
        index.map_err(|e| git_error("git's index cannot be read", &e))
    }

    /// As [`Git::index`], with an entry for every file also where the index is sparse. For
    /// reading only.
    pub(super) fn full_index(&self) -> Result<gix::index::File, Stop> {
        let mut index = self.index()?;
        sparse_index::expand(&self.repo, &mut index);
        Ok(index)
    }

    /// The mode that git records for a regular file with these permissions. `recorded` is
    /// the mode so far, which stays where `core.fileMode` is off.
    pub(in crate::io) fn mode(&self, permissions: Option<u32>, recorded: Option<u32>) -> u32 {
        let permissions_count = self
            .repo
            .config_snapshot()
            .boolean("core.fileMode")
            .unwrap_or(true);
        let is_file = |mode: u32| mode & 0o170_000 == 0o100_000;
        match (permissions, recorded.filter(|mode| is_file(*mode))) {
            (_, Some(recorded)) if !permissions_count => recorded,
            (Some(bits), _) if permissions_count && bits & 0o100 != 0 => {
                Mode::FILE_EXECUTABLE.bits()
            }
            _ => Mode::FILE.bits(),
        }
    }

    /// True if git's configuration says so; false where it is silent.
    pub(in crate::io) fn is_set(&self, key: &str) -> bool {
        let config = self.repo.config_snapshot();
        config.boolean(key).unwrap_or(false)
    }

    /// What git's configuration says; `None` where it is silent.
    pub(in crate::io) fn config(&self, key: &str) -> Option<String> {
        let config = self.repo.config_snapshot();
        Some(config.string(key)?.to_string())
    }

    /// The tracked files, as [`tracked_in`] lists them.
    pub(in crate::io) fn tracked(&self) -> Result<Vec<RepoPath>, Stop> {
        let index = self.full_index()?;
        let paths = tracked_in(&index).into_iter().map(|(path, _)| path);
        Ok(paths.collect())
    }
}

/// The tracked files in order, without submodules, and without names that are not UTF-8
/// or contain a line break.
pub(super) fn tracked_in(index: &gix::index::File) -> Vec<(RepoPath, &Entry)> {
    let file = |mode: Mode| !matches!(mode, Mode::COMMIT | Mode::DIR);
    let path = |entry: &Entry| {
        let path = std::str::from_utf8(entry.path(index)).ok()?;
        RepoPath::new(path).filter(|parsed| parsed.as_str() == path)
    };
    let entries = index.entries().par_iter();
    let entries = entries.filter(|entry| file(entry.mode));
    let with_path = entries.filter_map(|entry| Some((path(entry)?, entry)));
    let mut files: Vec<_> = with_path.collect();
    files.dedup_by(|(path, _), (previous, _)| path == previous);
    files
}

fn bare(repo: &Repository) -> Stop {
    let message = format!(
        "`{}` is a bare repository: it has no work tree",
        repo.git_dir().display()
    );
    Stop::fault(Diagnostic::error("no-work-tree", message))
}
