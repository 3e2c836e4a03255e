//! The git work tree, and the flake's folder in it.
//!
//! Nothing is written here. A repository is trusted only where git itself would
//! trust it: one that somebody else owns is refused before its configuration is
//! read.
//!
//! Absent on purpose: a way to write without git. Without it a folder can be
//! read and linted, no more.

mod find;
mod git;
mod head;
mod ignore;
mod load;
mod look;
mod program;
mod revision;
mod trouble;
mod walk;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub use ignore::IgnoreRule;

pub(in crate::io) use git::Git;
pub(in crate::io) use head::{Head, Held, held};
pub(in crate::io) use program::not_started;
pub(in crate::io) use trouble::{reason, trouble};

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::lock::Lock;
use crate::io::trace;
use crate::io::workspace::load::Disk;
use crate::repo::{Repo, RepoPath, Stamp};

/// A work tree and the flake's folder in it.
pub struct Workspace {
    root: PathBuf,
    dir: RepoPath,
    git: Option<Git>,
}

impl Workspace {
    /// The work tree that holds `start`, and the flake's folder: the nearest
    /// folder, from `start` upward within the work tree, with a `larder.toml`,
    /// else with a `flake.nix` that speaks of `nixosConfigurations`, else with any.
    ///
    /// # Errors
    /// No git repository (`no-git`), one that somebody else owns, or no flake
    /// (`no-flake`, or `flake-elsewhere`: those below `start` are listed, none is
    /// guessed).
    pub fn open(start: &Path) -> Result<Self, Stop> {
        let (start, git) = Self::discover(start)?;
        let dir = find::flake_dir(git.root(), &start, || git.tracked())?;
        Ok(Self::with(git, dir))
    }

    /// As [`Workspace::open`], with `start` itself as the flake's folder, whether
    /// it holds a flake or not.
    ///
    /// # Errors
    /// As [`Workspace::open`], save that a flake need not be there.
    pub fn open_here(start: &Path) -> Result<Self, Stop> {
        let (start, git) = Self::discover(start)?;
        let dir = find::inside(git.root(), &start)?;
        Ok(Self::with(git, dir))
    }

    /// A folder without git's knowledge of it (a flake check's sandbox, say): all
    /// files below count as tracked. It can be read, not written.
    ///
    /// # Errors
    /// When the folder is not there, or no flake is in it or above it.
    pub fn open_without_git(start: &Path) -> Result<Self, Stop> {
        let start = find::existing(start)?;
        let root = find::topmost_flake(&start);
        let dir = find::flake_dir(&root, &start, || walk::files(&root))?;
        Ok(Self {
            root,
            dir,
            git: None,
        })
    }

    /// The files that git tracks, read when somebody asks for them. Each call
    /// looks at the index and the disk anew.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn repo(&self) -> Result<Repo, Stop> {
        let paths = match &self.git {
            Some(git) => git.tracked()?,
            None => walk::files(&self.root)?,
        };
        Ok(self.repo_of(paths.into_iter().map(|path| (path, None))))
    }

    /// As [`Workspace::repo`], with the staged texts of files that are gone or were
    /// edited since (the next commit takes them), and with the stamps of the others.
    ///
    /// # Errors
    /// As [`Workspace::repo`].
    pub fn repo_and_staged(&self) -> Result<Repo, Stop> {
        let Some(git) = &self.git else {
            return self.repo();
        };
        let index = git.index()?;
        let files = git::tracked_in(&index);
        let look = look::look(git, &files)?;
        let paths = files.into_iter().map(|(path, _)| path);
        let repo = self.repo_of(paths.zip(look.stamps));
        Ok(repo.with_staged(look.staged))
    }

    /// The top of the work tree, absolute, links resolved.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The flake's folder.
    pub fn dir(&self) -> &RepoPath {
        &self.dir
    }

    /// True where Jujutsu looks after the work tree.
    pub fn is_jj(&self) -> bool {
        self.root.join(".jj").is_dir()
    }

    /// The path in the work tree that `path` names, seen from the folder
    /// `from`; `None` if it lies outside. It need not exist.
    pub fn locate(&self, from: &Path, path: &Path) -> Option<RepoPath> {
        find::locate(&self.root, from, path)
    }

    /// The rule by which git ignores `path`; `None` if it does not, or without git.
    ///
    /// # Errors
    /// When the ignore files cannot be read.
    pub fn ignored_by(&self, path: &RepoPath) -> Result<Option<IgnoreRule>, Stop> {
        self.git.as_ref().map_or(Ok(None), |git| git.ignored(path))
    }

    /// Waits for the right to write, at most `timeout`.
    ///
    /// # Errors
    /// When another `larder` keeps it, or the git folder cannot be written.
    pub fn lock(&self, timeout: Duration) -> Result<Lock, Stop> {
        Lock::wait(&self.git()?.larder_dir(), timeout)
    }

    pub(in crate::io) fn git(&self) -> Result<&Git, Stop> {
        self.git.as_ref().ok_or_else(|| Stop::fault(no_git()))
    }

    /// A path as people type it: from the flake's folder.
    pub(in crate::io) fn shown(&self, path: &RepoPath) -> String {
        path.relative_to(&self.dir)
    }

    fn repo_of(&self, tracked: impl IntoIterator<Item = (RepoPath, Option<Stamp>)>) -> Repo {
        let disk = Arc::new(Disk::new(self.root.clone()));
        let repo = Repo::new(self.dir.clone(), tracked, disk, self.git.is_some());
        trace::say(|| self.described(&repo));
        repo
    }

    fn described(&self, repo: &Repo) -> String {
        let what = if self.git.is_some() {
            "repository"
        } else {
            "folder without git"
        };
        let (root, files) = (self.root.display(), repo.files().count());
        match self.dir.as_str() {
            "" => format!("{what} {root}: files: {files}"),
            dir => format!("{what} {root}, flake in {dir}/: files: {files}"),
        }
    }

    fn discover(start: &Path) -> Result<(PathBuf, Git), Stop> {
        let start = find::existing(start)?;
        let git = Git::discover(&start)?;
        Ok((start, git))
    }

    fn with(git: Git, dir: RepoPath) -> Self {
        Self {
            root: git.root().to_owned(),
            dir,
            git: Some(git),
        }
    }
}

fn no_git() -> Diagnostic {
    Diagnostic::error("no-git", "nothing can be written without a git repository")
        .help("run `git init`")
}
