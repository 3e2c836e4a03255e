//! Reads the files of a work tree, and from git what the work tree does not show.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use gix::ObjectId;
use gix::index::entry::{Flags, Mode};

use super::blobs::Blobs;
use super::disk_loader::DiskLoader;
use super::filter_attribute;
use super::git::Git;
use crate::repo::{Loader, RepoPath, Unreadable};

/// Loads the files of a work tree. A file that git knows and a sparse checkout leaves out
/// is read from git: to everybody else it is a file like any other, and to Nix as well,
/// which evaluates the commit.
pub(super) struct WorkTreeLoader {
    disk: DiskLoader,
    git: Option<GitFiles>,
}

/// What git knows of the files.
pub(super) struct GitFiles {
    root: PathBuf,
    index: gix::index::File,
    blobs: Blobs,
}

impl GitFiles {
    pub(super) fn new(git: &Git, index: gix::index::File) -> Self {
        Self {
            root: git.root().to_owned(),
            index,
            blobs: Blobs::of(git.repo()),
        }
    }

    /// The paths of the submodules, checked out or not.
    pub(super) fn submodules(&self) -> Vec<RepoPath> {
        let entries = self.index.entries().iter();
        let submodules = entries.filter(|entry| entry.mode == Mode::COMMIT);
        let paths = submodules.filter_map(|entry| str::from_utf8(entry.path(&self.index)).ok());
        paths.filter_map(RepoPath::new).collect()
    }

    /// The symbolic links that do not leave the work tree, each with what it points to.
    pub(super) fn links(&self) -> Vec<(RepoPath, RepoPath)> {
        let entries = self.index.entries().iter();
        let links = entries.filter(|entry| entry.mode == Mode::SYMLINK);
        let paths = links.filter_map(|entry| str::from_utf8(entry.path(&self.index)).ok());
        let target = |path: RepoPath| {
            let target = fs::read_link(self.root.join(path.as_str())).ok()?;
            Some((path.clone(), path.beside(target.to_str()?)?))
        };
        paths.filter_map(RepoPath::new).filter_map(target).collect()
    }

    fn entry(&self, path: &RepoPath) -> Option<&gix::index::Entry> {
        self.index.entry_by_path(path.as_str().into())
    }

    /// The blob of a file that is not checked out.
    fn left_out(&self, path: &RepoPath) -> Option<ObjectId> {
        let is_file = |mode| matches!(mode, Mode::FILE | Mode::FILE_EXECUTABLE);
        let entry = self.entry(path)?;
        let is_left_out = entry.flags.contains(Flags::SKIP_WORKTREE) && is_file(entry.mode);
        is_left_out.then_some(entry.id)
    }
}

impl WorkTreeLoader {
    /// A loader of the files below `root`, which must be absolute and without links.
    pub(super) fn new(root: PathBuf, git: Option<GitFiles>) -> Self {
        let disk = DiskLoader::new(root);
        Self { disk, git }
    }
}

impl Loader for WorkTreeLoader {
    fn load(&self, path: &RepoPath) -> Result<Option<Arc<str>>, Unreadable> {
        if let Some(text) = self.disk.load(path)? {
            return Ok(Some(text));
        }
        let Some(git) = &self.git else {
            return Ok(None);
        };
        let id = git.left_out(path);
        id.map(|id| git.blobs.text(id)).transpose()
    }

    fn parsing(&self, path: &RepoPath) {
        self.disk.parsing(path);
    }

    fn path_exists(&self, path: &RepoPath) -> bool {
        let is_left_out = |git: &GitFiles| git.left_out(path).is_some();
        self.disk.path_exists(path) || self.git.as_ref().is_some_and(is_left_out)
    }

    fn filtered(&self, path: &RepoPath) -> Option<Result<Arc<str>, Unreadable>> {
        let git = self.git.as_ref()?;
        let entry = git.entry(path)?;
        let is_filtered = filter_attribute::is_filtered(&git.root, &git.index, path);
        is_filtered.then(|| git.blobs.text(entry.id))
    }
}
