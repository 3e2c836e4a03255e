//! The branch and the commit of `HEAD`.

use gix::ObjectId;
use gix::refs::TargetRef;

use super::git::Git;
use super::git_error::git_error;
use super::program::not_started;
use crate::diagnostic::{Diagnostic, Stop};

/// The longest chain of symbolic references that is followed; git's own limit.
const MAX_SYMBOLIC_REFS: usize = 5;

/// The value of `HEAD`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::io) struct Head {
    /// The branch's full name; `None` where HEAD is detached.
    pub(in crate::io) branch: Option<String>,
    /// The commit; `None` on a branch without commits.
    pub(in crate::io) commit: Option<ObjectId>,
}

impl Git {
    /// The branch and the commit of `HEAD`.
    pub(in crate::io) fn head(&self) -> Result<Head, Stop> {
        if self.is_reftable() {
            return self.head_by_git();
        }
        let mut name = String::from("HEAD");
        for _ in 0..MAX_SYMBOLIC_REFS {
            let found = self.repo().try_find_reference(name.as_str());
            let found = found.map_err(|e| git_error("HEAD cannot be read", &e))?;
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
        let message =
            format!("`HEAD` is a symbolic reference of more than {MAX_SYMBOLIC_REFS} links");
        Err(Stop::fault(Diagnostic::error("git", message)))
    }

    /// True if the references are in a reftable, which gix cannot read.
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

    /// The first line of git's output; `None` if git fails or prints nothing.
    fn ask_git(&self, args: &[&str]) -> Result<Option<String>, Stop> {
        let asked = self.program().args(args).run();
        let asked = asked.map_err(|e| not_started(&e))?;
        let line = asked.stdout_str().trim().to_owned();
        Ok(Some(line).filter(|line| asked.success() && !line.is_empty()))
    }
}
