//! What larder has written with `--no-commit` and nobody has committed or edited since:
//! a later commit of larder's takes it along.
//!
//! It is noted in the work tree's own git folder (`larder/uncommitted`), as the blob that
//! git would record for each path. A note counts while the file is exactly that and the
//! last commit has something else; an edit of the user's on top is the user's to commit.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnostic::Stop;
use crate::io::disk::{self, WithPath};
use crate::io::fault;
use crate::io::workspace::{CleanFilter, CommitTree, Workspace};
use crate::plan::Plan;
use crate::repo::RepoPath;

/// The blob of each path; `None`: larder has deleted the file.
type Notes = BTreeMap<String, Option<String>>;

/// What an earlier `--no-commit` has left.
#[derive(Debug, Default)]
pub struct Left {
    /// The files as larder left them, with their texts; `None`: the file is gone.
    pub files: Vec<(RepoPath, Option<Arc<str>>)>,
    /// The files that somebody has edited since.
    pub edited: Vec<RepoPath>,
}

impl Workspace {
    /// What larder has left uncommitted.
    ///
    /// # Errors
    /// When the last commit or a file cannot be read.
    pub fn left_uncommitted(&self) -> Result<Left, Stop> {
        let mut left = Left::default();
        let notes = self.notes();
        if notes.is_empty() {
            return Ok(left);
        }
        let mut ids = BlobIds::new(self)?;
        for (path, noted) in notes {
            let Some(path) = RepoPath::new(&path) else {
                continue;
            };
            let text = self.text_on_disk(&path);
            let is = ids.of_text(&path, text.as_deref())?;
            if is == ids.committed(&path)? {
                continue;
            }
            if is == noted {
                left.files.push((path, text));
            } else {
                left.edited.push(path);
            }
        }
        Ok(left)
    }

    /// Notes what `plan`, which has been applied without a commit, has left.
    ///
    /// # Errors
    /// When the note cannot be written, or the last commit cannot be read.
    pub fn note_uncommitted(&self, plan: &Plan) -> Result<(), Stop> {
        let mut notes = self.notes();
        let mut ids = BlobIds::new(self)?;
        for (path, change) in &plan.changes {
            let before = ids.of_text(path, change.before())?;
            let was_clean = before == ids.committed(path)?;
            let was_left = notes
                .remove(path.as_str())
                .is_some_and(|noted| noted == before);
            if was_clean || was_left {
                let after = ids.of_text(path, change.after())?;
                notes.insert(path.to_string(), after);
            }
        }
        let file = self.notes_file()?;
        let text = serde_json::to_vec(&notes).map_err(fault("cannot write JSON"))?;
        fs::write(&file, text).with_path("write", &file)
    }

    fn notes_file(&self) -> Result<PathBuf, Stop> {
        Ok(self.git()?.larder_dir().join("uncommitted"))
    }

    /// Nothing where there are none, or they cannot be read: then the user commits.
    fn notes(&self) -> Notes {
        let bytes = self
            .notes_file()
            .ok()
            .and_then(|file| disk::read(&file).ok()?);
        let notes = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        notes.unwrap_or_default()
    }

    fn text_on_disk(&self, path: &RepoPath) -> Option<Arc<str>> {
        let bytes = disk::read(&self.root().join(path.as_str())).ok()??;
        String::from_utf8(bytes).ok().map(Into::into)
    }
}

/// What git has, or would record, for a path.
struct BlobIds<'w> {
    head: CommitTree<'w>,
    filter: CleanFilter<'w>,
}

impl<'w> BlobIds<'w> {
    fn new(ws: &'w Workspace) -> Result<Self, Stop> {
        let git = ws.git()?;
        Ok(Self {
            head: git.tree(git.head()?.commit)?,
            filter: CleanFilter::new(git)?,
        })
    }

    fn of_text(&mut self, path: &RepoPath, text: Option<&str>) -> Result<Option<String>, Stop> {
        let id = text.map(|text| self.filter.id(text.as_bytes(), path));
        Ok(id.transpose()?.map(|id| id.to_string()))
    }

    fn committed(&self, path: &RepoPath) -> Result<Option<String>, Stop> {
        let entry = self.head.entry(path)?;
        Ok(entry.map(|entry| entry.id.to_string()))
    }
}
