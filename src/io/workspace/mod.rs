//! The git work tree, and the flake's folder in it.
//!
//! Nothing is written here. A repository is trusted only where git itself would trust it:
//! one that another user owns is refused before its configuration is read.
//!
//! Absent on purpose: writing without a git repository. A folder without one can be read
//! and linted.

mod blobs;
mod clean_filter;
mod commit_tree;
mod copy;
mod disk_loader;
mod filter_attribute;
mod find;
mod git;
mod git_error;
mod head;
mod history;
pub(in crate::io) mod hooks;
mod ignore;
mod program;
mod revision;
mod sparse_checkout;
mod sparse_index;
mod stat_scan;
mod tree;
mod walk;
mod work_tree;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub use ignore::IgnoreRule;

pub(in crate::io) use clean_filter::CleanFilter;
pub(in crate::io) use commit_tree::{CommitTree, GitEntry};
pub(in crate::io) use git::Git;
pub(in crate::io) use git_error::{git_error, reason};
pub(in crate::io) use head::Head;
pub(in crate::io) use program::{OF_HOOKS, not_started};
pub(in crate::io) use sparse_checkout::SparseCheckout;
pub(in crate::io) use tree::Tree;
pub(in crate::io) use walk::SKIPPED;

use self::work_tree::{GitFiles, WorkTreeLoader};
use crate::diagnostic::{Diagnostic, Stop};
use crate::io::lock::Lock;
use crate::io::trace;
use crate::repo::{Loader as _, Repo, RepoPath, Stamp};

/// A work tree, and the flake's folder in it.
pub struct Workspace {
    root: PathBuf,
    dir: RepoPath,
    git: Option<Git>,
}

impl Workspace {
    /// The work tree that contains `start`, and the flake's folder: the nearest, from
    /// `start` up to the top of the work tree, with a `larder.toml`, else with a
    /// `flake.nix` that mentions `nixosConfigurations`, else with any `flake.nix`.
    ///
    /// # Errors
    /// No git repository (`no-git`), one that another user owns, or no flake (`no-flake`;
    /// `flake-elsewhere` lists the flakes below `start`, and guesses none).
    pub fn open(start: &Path) -> Result<Self, Stop> {
        let (start, git) = Self::discover(start)?;
        let files = loader(&git)?;
        let dir = find::flake_dir(git.root(), &start, &files, || git.tracked())?;
        Ok(Self::with(git, dir))
    }

    /// As [`Workspace::open`], with `start` as the flake's folder, with a flake or without.
    ///
    /// # Errors
    /// As [`Workspace::open`], except that a flake need not exist.
    pub fn open_here(start: &Path) -> Result<Self, Stop> {
        let (start, git) = Self::discover(start)?;
        let dir = find::inside(git.root(), &start)?;
        Ok(Self::with(git, dir))
    }

    /// A folder without a git repository, such as the sandbox of a flake check. All files
    /// below count as tracked. The folder can be read, not written.
    ///
    /// # Errors
    /// When the folder does not exist, or has no flake in it or above it.
    pub fn open_without_git(start: &Path) -> Result<Self, Stop> {
        let start = find::existing(start)?;
        let root = find::topmost_flake(&start);
        let files = WorkTreeLoader::new(root.clone(), None);
        let dir = find::flake_dir(&root, &start, &files, || walk::files(&root))?;
        Ok(Self {
            root,
            dir,
            git: None,
        })
    }

    /// The files that git tracks, read lazily. Each call reads the index again and shares
    /// no cache with earlier ones.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn repo(&self) -> Result<Repo, Stop> {
        let Some(git) = &self.git else {
            let paths = walk::files(&self.root)?;
            return Ok(self.repo_of(without_stamps(paths), None));
        };
        let index = git.full_index()?;
        let files = git::tracked_in(&index);
        let paths: Vec<_> = files.into_iter().map(|(path, _)| path).collect();
        Ok(self.repo_of(without_stamps(paths), Some(GitFiles::new(git, index))))
    }

    /// As [`Workspace::repo`], with the staged texts of files that are deleted or edited
    /// (the next commit takes them), and with the stamps of files at rest.
    ///
    /// # Errors
    /// As [`Workspace::repo`].
    pub fn repo_and_staged(&self) -> Result<Repo, Stop> {
        let Some(git) = &self.git else {
            return self.repo();
        };
        let index = git.full_index()?;
        let files = git::tracked_in(&index);
        let scan = stat_scan::scan(git, &files)?;
        let paths: Vec<_> = files.into_iter().map(|(path, _)| path).collect();
        let tracked = paths.into_iter().zip(scan.stamps);
        let repo = self.repo_of(tracked, Some(GitFiles::new(git, index)));
        Ok(repo.with_staged(scan.staged))
    }

    /// The top of the work tree: absolute, with links resolved.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The flake's folder.
    pub fn dir(&self) -> &RepoPath {
        &self.dir
    }

    /// True if the flake's folder has a file of this name, be it readable or not. Git's index
    /// is not read.
    ///
    /// # Errors
    /// As [`Workspace::repo`], in a sparse checkout.
    pub fn has(&self, name: &str) -> Result<bool, Stop> {
        let files = match &self.git {
            Some(git) => loader(git)?,
            None => WorkTreeLoader::new(self.root.clone(), None),
        };
        let path = self.dir.join(name);
        Ok(path.is_some_and(|path| !matches!(files.load(&path), Ok(None))))
    }

    /// True if Jujutsu manages the work tree.
    pub fn is_jj(&self) -> bool {
        self.root.join(".jj").is_dir()
    }

    pub(in crate::io) fn tree(&self) -> Tree<'_> {
        Tree {
            root: &self.root,
            dir: &self.dir,
        }
    }

    /// The path in the work tree that `path` names from the folder `from`; `None` if it is
    /// outside. The path need not exist.
    pub fn locate(&self, from: &Path, path: &Path) -> Option<RepoPath> {
        self.tree().locate(from, path)
    }

    /// The rule by which git ignores `path`; `None` if no rule matches, and without git.
    ///
    /// # Errors
    /// When the ignore files cannot be read.
    pub fn ignored_by(&self, path: &RepoPath) -> Result<Option<IgnoreRule>, Stop> {
        self.git.as_ref().map_or(Ok(None), |git| git.ignored(path))
    }

    /// Waits for larder's own lock, at most `timeout`.
    ///
    /// # Errors
    /// When another `larder` holds the lock, or git's folder cannot be written.
    pub fn lock(&self, timeout: Duration) -> Result<Lock, Stop> {
        Lock::wait(&self.git()?.larder_dir(), timeout)
    }

    /// What git's configuration says; `None` where it is silent, and without git.
    pub(in crate::io) fn config(&self, key: &str) -> Option<String> {
        self.git.as_ref()?.config(key)
    }

    pub(in crate::io) fn git(&self) -> Result<&Git, Stop> {
        self.git.as_ref().ok_or_else(|| Stop::fault(no_git()))
    }

    /// A path relative to the flake's folder, as users type it.
    pub fn shown(&self, path: &RepoPath) -> String {
        path.relative_to(&self.dir)
    }

    fn repo_of(
        &self,
        tracked: impl IntoIterator<Item = (RepoPath, Option<Stamp>)>,
        git: Option<GitFiles>,
    ) -> Repo {
        let submodules = git.as_ref().map(GitFiles::submodules);
        let links = git.as_ref().map(GitFiles::links);
        let loader = Arc::new(WorkTreeLoader::new(self.root.clone(), git));
        let repo = Repo::new(self.dir.clone(), tracked, loader, self.git.is_some())
            .with_submodules(submodules.unwrap_or_default())
            .with_links(links.unwrap_or_default());
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

/// A loader for the search of the flake. The index is read only where a sparse checkout
/// may leave the flake out.
fn loader(git: &Git) -> Result<WorkTreeLoader, Stop> {
    let index = sparse_checkout::is_on(git).then(|| git.full_index());
    let files = index.transpose()?.map(|index| GitFiles::new(git, index));
    Ok(WorkTreeLoader::new(git.root().to_owned(), files))
}

fn without_stamps(paths: Vec<RepoPath>) -> impl Iterator<Item = (RepoPath, Option<Stamp>)> {
    paths.into_iter().map(|path| (path, None))
}

fn no_git() -> Diagnostic {
    Diagnostic::error("no-git", "nothing can be written without a git repository")
        .help("run `git init`")
}
