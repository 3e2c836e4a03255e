//! The git repository, opened as git itself would open it.

use std::path::{Path, PathBuf};

use gix::Repository;
use gix::index::Entry;
use gix::index::entry::Mode;
use gix::sec::trust::Mapping;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::disk::WithPath;
use crate::io::workspace::trouble::{not_opened, trouble};
use crate::repo::RepoPath;

/// A repository with a work tree.
pub(in crate::io) struct Git {
    repo: Repository,
    root: PathBuf,
}

impl Git {
    /// The repository around `start`, or the one that `GIT_DIR` names.
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

    /// The top of the work tree, absolute, links resolved.
    pub(in crate::io) fn root(&self) -> &Path {
        &self.root
    }

    /// The index file.
    pub(in crate::io) fn index_path(&self) -> PathBuf {
        self.repo.index_path()
    }

    /// Where larder keeps its lock and its journal.
    pub(in crate::io) fn larder_dir(&self) -> PathBuf {
        self.repo.git_dir().join("larder")
    }

    /// The index as it is on the disk now.
    pub(in crate::io) fn index(&self) -> Result<gix::index::File, Stop> {
        let path = self.index_path();
        if !path.exists() {
            let empty = gix::index::State::new(self.repo.object_hash());
            return Ok(gix::index::File::from_state(empty, path));
        }
        let index = self.repo.open_index();
        index.map_err(|e| trouble("git's index cannot be read", &e))
    }

    /// The kind of file that git records for one with these permissions, where
    /// it has recorded `known` so far.
    pub(in crate::io) fn mode(&self, permissions: Option<u32>, known: Option<u32>) -> u32 {
        let trusted = self
            .repo
            .config_snapshot()
            .boolean("core.fileMode")
            .unwrap_or(true);
        let is_file = |mode: u32| mode & 0o170_000 == 0o100_000;
        match (permissions, known.filter(|mode| is_file(*mode))) {
            (_, Some(known)) if !trusted => known,
            (Some(bits), _) if trusted && bits & 0o100 != 0 => Mode::FILE_EXECUTABLE.bits(),
            _ => Mode::FILE.bits(),
        }
    }

    /// The tracked files, as [`tracked_in`] has them.
    pub(in crate::io) fn tracked(&self) -> Result<Vec<RepoPath>, Stop> {
        let index = self.index()?;
        let paths = tracked_in(&index).into_iter().map(|(path, _)| path);
        Ok(paths.collect())
    }
}

/// The tracked files in order, without submodules and without names that larder
/// cannot speak of (no UTF-8, a line break).
pub(super) fn tracked_in(index: &gix::index::File) -> Vec<(RepoPath, &Entry)> {
    let file = |mode: Mode| !matches!(mode, Mode::COMMIT | Mode::DIR);
    let path = |entry: &Entry| {
        let path = std::str::from_utf8(entry.path(index)).ok()?;
        RepoPath::new(path).filter(|known| known.as_str() == path)
    };
    let entries = index.entries().par_iter();
    let entries = entries.filter(|entry| file(entry.mode));
    let with_path = entries.filter_map(|entry| Some((path(entry)?, entry)));
    let mut files: Vec<_> = with_path.collect();
    files.dedup_by(|(path, _), (before, _)| path == before);
    files
}

fn bare(repo: &Repository) -> Stop {
    let message = format!(
        "`{}` is a bare repository: it has no work tree",
        repo.git_dir().display()
    );
    Stop::fault(Diagnostic::error("no-work-tree", message))
}
