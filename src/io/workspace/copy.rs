//! A copy of the work tree as a plan would leave it, for Nix to judge.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use tempfile::TempDir;

use super::Workspace;
use super::git::Git;
use super::program::{OF_HOOKS, not_started};
use crate::diagnostic::{Diagnostic, Stop};
use crate::io::disk::{self, WithPath};
use crate::io::fault;
use crate::io::program::Program;
use crate::repo::{FileState, Repo, RepoPath};

impl Workspace {
    /// The tracked files with these changes, in a folder that only this user can read and
    /// that goes when the value does. Nothing of the work tree is touched; what git does
    /// not track, secrets among it, is not copied.
    ///
    /// # Errors
    /// When a file cannot be copied.
    pub fn copy_with(
        &self,
        repo: &Repo,
        changes: &[(RepoPath, FileState)],
    ) -> Result<TempDir, Stop> {
        let copy = tempfile::Builder::new().prefix("larder-").tempdir();
        let copy = copy.map_err(fault("cannot create a temporary folder"))?;
        let changes: HashMap<&RepoPath, &FileState> =
            changes.iter().map(|(path, state)| (path, state)).collect();
        let kept = repo.tracked().filter(|path| !changes.contains_key(path));
        for path in kept {
            let to = copy.path().join(path.as_str());
            if !copy_file(&self.root().join(path.as_str()), &to)?
                && let Ok(Some(text)) = repo.text(path)
            {
                // Left out by a sparse checkout, and there for Nix.
                write(&to, &text)?;
            }
        }
        for (path, state) in changes {
            if let FileState::Text(text) = state {
                write(&copy.path().join(path.as_str()), text)?;
            }
        }
        self.git()?.make_repository(copy.path())?;
        Ok(copy)
    }
}

impl Git {
    /// Makes a folder a repository at the same commit, which has the objects of this one:
    /// to Nix, and to a flake that asks for its revision, it is the same flake.
    fn make_repository(&self, copy: &Path) -> Result<(), Stop> {
        let format = format!("--object-format={}", self.repo().object_hash());
        run(copy, &["init", "--quiet", "--template=", &format])?;
        let objects = self.repo().common_dir().join("objects");
        let objects = objects.canonicalize().with_path("open", &objects)?;
        let info = copy.join(".git/objects/info");
        write(
            &info.join("alternates"),
            &format!("{}\n", objects.display()),
        )?;
        if let Some(commit) = self.head()?.commit {
            write(&copy.join(".git/HEAD"), &format!("{commit}\n"))?;
            run(copy, &["read-tree", "HEAD"])?;
        }
        // No content is recorded, so no filter runs.
        run(copy, &["add", "--intent-to-add", "--force", "."])
    }
}

fn run(folder: &Path, arguments: &[&str]) -> Result<(), Stop> {
    let git = Program::new("git").args(arguments).dir(folder);
    let ended = git.without_env(OF_HOOKS).run();
    let ended = ended.map_err(|error| not_started(&error))?;
    if ended.success() {
        return Ok(());
    }
    let said = ended.stderr_str();
    let message = format!("the copy for Nix cannot be made: {}", said.trim());
    Err(Stop::fault(Diagnostic::error("git", message)))
}

fn write(file: &Path, text: &str) -> Result<(), Stop> {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder).with_path("create", folder)?;
    fs::write(file, text).with_path("write", file)
}

/// False if there is no such file.
fn copy_file(from: &Path, to: &Path) -> Result<bool, Stop> {
    let folder = to.parent().unwrap_or(to);
    fs::create_dir_all(folder).with_path("create", folder)?;
    match disk::metadata(from).with_path("access", from)? {
        Some(about) if about.is_symlink() => {
            let target = fs::read_link(from).with_path("read", from)?;
            symlink(target, to).with_path("write", to)?;
            Ok(true)
        }
        Some(about) if about.is_file() => {
            fs::copy(from, to).with_path("write", to)?;
            Ok(true)
        }
        _ => Ok(false),
    }
}
