//! The files of a commit, looked up by path.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use gix::ObjectId;
use gix::objs::tree::EntryKind;

use super::git::Git;
use super::git_error::git_error;
use crate::diagnostic::Stop;
use crate::repo::RepoPath;

/// The blob and the mode that a tree or the index records for a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::io) struct GitEntry {
    pub(in crate::io) id: ObjectId,
    /// The mode as git records it: `0o100644`, `0o100755`.
    pub(in crate::io) mode: u32,
}

/// The tree of a commit. Each of its folders is read once: a change may have thousands of
/// files in one folder, and git stores a folder as one object.
pub(in crate::io) struct CommitTree<'g> {
    git: &'g Git,
    /// The tree's own id; `None` on a branch without commits.
    id: Option<ObjectId>,
    folders: RefCell<HashMap<RepoPath, Option<Folder>>>,
}

/// The entries of a folder, by name.
type Folder = Rc<HashMap<Vec<u8>, GitEntry>>;

impl Git {
    /// The tree of a commit; without a commit, an empty one.
    pub(in crate::io) fn tree(&self, commit: Option<ObjectId>) -> Result<CommitTree<'_>, Stop> {
        let id = |commit| Ok(self.repo().find_commit(commit)?.tree_id()?.detach());
        let id: gix::Result<Option<ObjectId>> = commit.map(id).transpose();
        Ok(CommitTree {
            git: self,
            id: id.map_err(|e| unreadable(&e))?,
            folders: RefCell::default(),
        })
    }
}

impl CommitTree<'_> {
    /// The id of the tree; `None` on a branch without commits.
    pub(in crate::io) fn id(&self) -> Option<ObjectId> {
        self.id
    }

    /// The entry at a path.
    ///
    /// # Errors
    /// When git's objects cannot be read.
    pub(in crate::io) fn entry(&self, path: &RepoPath) -> Result<Option<GitEntry>, Stop> {
        let folder = self.folder(&path.parent())?;
        let entry = |folder: Folder| folder.get(path.file_name().as_bytes()).copied();
        Ok(folder.and_then(entry))
    }

    fn folder(&self, path: &RepoPath) -> Result<Option<Folder>, Stop> {
        if let Some(known) = self.folders.borrow().get(path) {
            return Ok(known.clone());
        }
        let id = if path.as_str().is_empty() {
            self.id
        } else {
            let entry = self.entry(path)?;
            let is_folder = |it: &GitEntry| it.mode == u32::from(EntryKind::Tree as u16);
            entry.filter(is_folder).map(|it| it.id)
        };
        let folder = id.map(|id| self.read(id)).transpose()?;
        let mut folders = self.folders.borrow_mut();
        folders.insert(path.clone(), folder.clone());
        Ok(folder)
    }

    fn read(&self, id: ObjectId) -> Result<Folder, Stop> {
        let tree = self.git.repo().find_tree(id).map_err(|e| unreadable(&e))?;
        let mut entries = HashMap::new();
        for entry in tree.iter() {
            let entry = entry.map_err(|e| unreadable(&e))?;
            let found = GitEntry {
                id: entry.object_id(),
                mode: u32::from(entry.mode().value()),
            };
            entries.insert(entry.filename().to_vec(), found);
        }
        Ok(Rc::new(entries))
    }
}

fn unreadable(error: &gix::Error) -> Stop {
    git_error("the last commit cannot be read", error)
}
