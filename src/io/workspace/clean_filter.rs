//! The bytes that git records for a file: after line-end conversion and clean filters.

use std::io::Read;
use std::path::Path;

use gix::ObjectId;
use gix::filter::Pipeline;
use gix::filter::plumbing::pipeline::convert::ToGitOutcome;
use gix::objs::Kind;
use gix::worktree::IndexPersistedOrInMemory;

use super::git::Git;
use super::git_error::{git_error, reason};
use crate::diagnostic::{Diagnostic, Stop};
use crate::io::program;
use crate::repo::RepoPath;

/// Git's conversion from the work tree to the object store. Writes nothing.
pub(in crate::io) struct CleanFilter<'r> {
    pipeline: Pipeline<'r>,
    index: IndexPersistedOrInMemory,
}

impl<'r> CleanFilter<'r> {
    pub(in crate::io) fn new(git: &'r Git) -> Result<Self, Stop> {
        let pipeline = git.repo().filter_pipeline(None);
        let (pipeline, index) =
            pipeline.map_err(|e| git_error("git's filters cannot be prepared", &e))?;
        Ok(Self { pipeline, index })
    }

    /// The bytes that git would record for a file with these bytes at this path.
    pub(in crate::io) fn bytes(&mut self, bytes: &[u8], path: &RepoPath) -> Result<Vec<u8>, Stop> {
        let at = Path::new(path.as_str());
        let cleaned = self.pipeline.convert_to_git(bytes, at, &self.index);
        let mut out = Vec::new();
        match cleaned.map_err(|e| refused(path, &reason(&e)))? {
            ToGitOutcome::Unchanged(_) => return Ok(bytes.to_vec()),
            ToGitOutcome::Buffer(cleaned) => out.extend_from_slice(cleaned),
            ToGitOutcome::Process(mut cleaned) => {
                // gix starts the program that filters.
                let start = format!("git filter of {path}");
                let read = || cleaned.read_to_end(&mut out);
                let read = program::shown(start.as_ref(), &[], read, |read| match read {
                    Ok(_) => "filtered".to_owned(),
                    Err(error) => error.to_string(),
                });
                read.map_err(|e| refused(path, &e.to_string()))?;
            }
        }
        Ok(out)
    }

    /// The blob id after git's clean filters.
    pub(in crate::io) fn id(&mut self, bytes: &[u8], path: &RepoPath) -> Result<ObjectId, Stop> {
        let cleaned = self.bytes(bytes, path)?;
        let hash = self.pipeline.repo.object_hash();
        let id = gix::objs::compute_hash(hash, Kind::Blob, &cleaned);
        id.map_err(|e| refused(path, &e.to_string()))
    }
}

fn refused(path: &RepoPath, why: &str) -> Stop {
    let message = format!("git's filters refuse `{path}`: {why}");
    Diagnostic::error("filter", message)
        .about(path.as_str())
        .into()
}
