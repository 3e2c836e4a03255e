//! The example repository of `larder demo`.

#![expect(clippy::disallowed_methods, reason = "io makes folders and files")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::preflight::Finish;
use super::workspace::Workspace;
use crate::diagnostic::{Diagnostic, Stop};
use crate::plan::{Change, Findings, Plan, check};
use crate::project::Project;
use crate::repo::RepoPath;

/// The git configuration of the example: it works where git has never been set up, signs
/// no commit, and runs no hooks of the user.
const CONFIG: &str = "
[user]
\tname = larder demo
\temail = demo@example.org
[commit]
\tgpgSign = false
[core]
\thooksPath = .git/hooks
";

/// Creates a git repository with one commit of these files, in `dir` or in a new temporary
/// folder, which is kept.
///
/// # Errors
/// When `dir` exists and is not empty, or cannot be written.
pub fn create(dir: Option<&Path>, files: &[(&str, &str)]) -> Result<PathBuf, Stop> {
    let dir = match dir {
        Some(dir) => empty_dir(dir)?,
        None => tempfile::Builder::new()
            .prefix("larder-demo-")
            .tempdir()
            .map(tempfile::TempDir::keep)
            .map_err(super::fault("cannot create a temporary folder"))?,
    };
    init_git(&dir)?;
    let workspace = Workspace::open_here(&dir)?;
    let project = Project::new(workspace.repo()?).without_inventory();
    let plan = check(first_commit(files), &project, Findings::NotCompared, None)?;
    let lock = workspace.lock(Duration::ZERO)?;
    workspace.apply(&lock, plan.plan(), Finish::Commit, &[])?;
    Ok(dir)
}

fn empty_dir(dir: &Path) -> Result<PathBuf, Stop> {
    std::fs::create_dir_all(dir).map_err(super::fault("cannot create the folder"))?;
    let mut entries = std::fs::read_dir(dir).map_err(super::fault("cannot read the folder"))?;
    if entries.next().is_some() {
        let message = format!("`{}` is not empty", dir.display());
        return Err(Diagnostic::error("demo-folder", message)
            .help("name a new folder: `larder demo NEW-FOLDER`")
            .into());
    }
    dir.canonicalize()
        .map_err(super::fault("cannot resolve the folder"))
}

fn init_git(dir: &Path) -> Result<(), Stop> {
    gix::init(dir).map_err(super::fault("cannot create a git repository"))?;
    let config = dir.join(".git/config");
    let present =
        std::fs::read_to_string(&config).map_err(super::fault("cannot read .git/config"))?;
    std::fs::write(&config, present + CONFIG).map_err(super::fault("cannot write .git/config"))
}

fn first_commit(files: &[(&str, &str)]) -> Plan {
    let change = |&(path, text): &(&str, &str)| {
        let path = RepoPath::new(path)?;
        Some((path, Change::Create { after: text.into() }))
    };
    Plan {
        message: "two machines".to_owned(),
        changes: files.iter().filter_map(change).collect(),
        ..Plan::default()
    }
}

/// The commit of `HEAD` and its first parents, newest first: abbreviated id and subject.
///
/// # Errors
/// When the repository cannot be read.
pub fn history(dir: &Path) -> Result<String, Stop> {
    let unreadable = "cannot read the history";
    let repo = gix::open(dir).map_err(super::fault(unreadable))?;
    let mut next = Some(repo.head_commit().map_err(super::fault(unreadable))?);
    let mut lines = Vec::new();
    while let Some(commit) = next {
        let subject = commit.message().map_err(super::fault(unreadable))?;
        let id = commit.short_id().map_err(super::fault(unreadable))?;
        lines.push(format!("{id} {}\n", subject.summary()));
        next = match commit.parent_ids().next() {
            Some(parent) => Some(
                parent
                    .object()
                    .map_err(super::fault(unreadable))?
                    .try_into_commit()
                    .map_err(super::fault(unreadable))?,
            ),
            None => None,
        };
    }
    Ok(lines.concat())
}
