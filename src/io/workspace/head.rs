//! What `HEAD` says.

use std::path::Path;

use gix::refs::TargetRef;
use gix::{ObjectId, Tree};

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::workspace::program::not_started;
use crate::io::workspace::{Git, trouble};
use crate::repo::RepoPath;

/// A branch that is only another name for a branch, and so on: more is a loop.
const MOST_LINKS: usize = 5;

/// What `HEAD` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::io) struct Head {
    /// The branch's full name; `None` where HEAD is detached.
    pub(in crate::io) branch: Option<String>,
    /// The commit; `None` on a branch without one.
    pub(in crate::io) commit: Option<ObjectId>,
}

/// What a commit or the index holds at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::io) struct Held {
    pub(in crate::io) id: ObjectId,
    pub(in crate::io) mode: u32,
}

impl Git {
    pub(in crate::io) fn head(&self) -> Result<Head, Stop> {
        if self.is_reftable() {
            return self.head_by_git();
        }
        let mut name = String::from("HEAD");
        for _ in 0..MOST_LINKS {
            let found = self.repo().try_find_reference(name.as_str());
            let found = found.map_err(|e| trouble("HEAD cannot be read", &e))?;
            let branch = (name != "HEAD").then(|| name.clone());
            let Some(reference) = found else {
                return Ok(Head {
                    branch,
                    commit: None,
                });
            };
            match reference.target() {
                TargetRef::Object(id) => {
                    let commit = Some(id.to_owned());
                    return Ok(Head { branch, commit });
                }
                TargetRef::Symbolic(next) => name = next.as_bstr().to_string(),
            }
        }
        let message = format!("`HEAD` leads through more than {MOST_LINKS} names");
        Err(Stop::fault(Diagnostic::error("git", message)))
    }

    /// The tree of a commit; `None` for the commit that is not there yet.
    pub(in crate::io) fn tree(&self, commit: Option<ObjectId>) -> Result<Option<Tree<'_>>, Stop> {
        let tree = |id| self.repo().find_commit(id)?.tree();
        let tree = commit.map(tree).transpose();
        tree.map_err(|e| trouble("the last commit cannot be read", &e))
    }

    /// True if only the user's own git can read and move this repository's references.
    pub(in crate::io) fn is_reftable(&self) -> bool {
        let storage = self
            .repo()
            .config_snapshot()
            .string("extensions.refStorage");
        storage.is_some_and(|storage| storage.eq_ignore_ascii_case(b"reftable"))
    }

    fn head_by_git(&self) -> Result<Head, Stop> {
        let branch = self.ask_git(&["symbolic-ref", "-q", "HEAD"])?;
        let commit = self.ask_git(&["rev-parse", "-q", "--verify", "HEAD^{commit}"])?;
        let commit = commit.and_then(|hex| ObjectId::from_hex(hex.as_bytes()).ok());
        Ok(Head { branch, commit })
    }

    /// One line from git, `None` if it has none.
    fn ask_git(&self, args: &[&str]) -> Result<Option<String>, Stop> {
        let asked = self.program().args(args).run();
        let asked = asked.map_err(|e| not_started(&e))?;
        let line = asked.stdout_str().trim().to_owned();
        Ok(Some(line).filter(|line| asked.success() && !line.is_empty()))
    }
}

/// What a tree holds at a path.
pub(in crate::io) fn held(tree: Option<&Tree<'_>>, path: &RepoPath) -> Result<Option<Held>, Stop> {
    let Some(tree) = tree else { return Ok(None) };
    let entry = tree.lookup_entry_by_path(Path::new(path.as_str()));
    let entry = entry.map_err(|e| trouble("the last commit cannot be read", &e))?;
    Ok(entry.map(|entry| Held {
        id: entry.object_id(),
        mode: u32::from(entry.mode().value()),
    }))
}
