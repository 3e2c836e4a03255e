//! The repository at a commit, read from git's objects without a checkout.

use std::collections::HashMap;
use std::sync::Arc;

use gix::ObjectId;
use gix::objs::tree::EntryKind;

use super::Workspace;
use super::clean_filter::CleanFilter;
use super::disk_loader::MAX_FILE_SIZE;
use super::git::Git;
use super::git_error::git_error;
use crate::diagnostic::{Diagnostic, Stop};
use crate::io::disk::{self, WithPath};
use crate::io::trace;
use crate::repo::{Loader, Repo, RepoPath, Unreadable};

impl Workspace {
    /// The files of the commit `rev`, in git's syntax: `origin/main`, `HEAD~3`, a hash.
    ///
    /// # Errors
    /// When git knows no such commit, or cannot read it.
    pub fn at_revision(&self, rev: &str) -> Result<Repo, Stop> {
        let git = self.git()?.repo();
        let tree = commit(git, rev)?.peel_to_tree();
        let tree = tree.map_err(|e| git_error("the commit cannot be read", &e))?;
        let files = tree.traverse().breadthfirst.files();
        let files = files.map_err(|e| git_error("the commit cannot be read", &e))?;
        let files: HashMap<RepoPath, Text> = files
            .into_iter()
            .filter(|entry| is_file(entry.mode.kind()))
            .filter_map(|entry| {
                let path = std::str::from_utf8(&entry.filepath).ok()?;
                Some((RepoPath::new(path)?, text(git, entry.oid)))
            })
            .collect();
        trace::say(|| format!("commit {rev}: files: {}", files.len()));
        let tracked: Vec<_> = files.keys().map(|path| (path.clone(), None)).collect();
        let loader = Arc::new(CommitFiles(files));
        Ok(Repo::new(self.dir().clone(), tracked, loader, true))
    }

    /// The text of a file in the commit of `HEAD`; `None` if the commit has no such file, or
    /// the file is not text. For git, a file on the disk may be the same although it has
    /// other line ends or is decrypted: then it is the text on the disk.
    ///
    /// # Errors
    /// When the commit cannot be read.
    pub fn committed(&self, path: &RepoPath) -> Result<Option<String>, Stop> {
        let git = self.git()?;
        let Some(entry) = git.tree(git.head()?.commit)?.entry(path)? else {
            return Ok(None);
        };
        if let Some(same) = self.unchanged(git, path, entry.id)? {
            return Ok(Some(same));
        }
        let blob = git.repo().find_blob(entry.id);
        let mut blob = blob.map_err(|e| git_error("the last commit cannot be read", &e))?;
        Ok(String::from_utf8(blob.take_data()).ok())
    }

    /// The text on the disk, if git would record it as this blob.
    fn unchanged(
        &self,
        git: &Git,
        path: &RepoPath,
        blob: ObjectId,
    ) -> Result<Option<String>, Stop> {
        let file = self.root().join(path.as_str());
        let Some(bytes) = disk::read(&file).with_path("read", &file)? else {
            return Ok(None);
        };
        let is_same = CleanFilter::new(git)?.id(&bytes, path)? == blob;
        Ok(String::from_utf8(bytes).ok().filter(|_| is_same))
    }

    /// The hash of the commit `rev`, as in [`Workspace::at_revision`].
    ///
    /// # Errors
    /// When git knows no such commit.
    pub fn commit_id(&self, rev: &str) -> Result<String, Stop> {
        let commit = commit(self.git()?.repo(), rev)?;
        Ok(commit.id.to_string())
    }
}

fn commit<'g>(git: &'g gix::Repository, rev: &str) -> Result<gix::Object<'g>, Stop> {
    let object = git
        .rev_parse_single(rev)
        .ok()
        .and_then(|id| id.object().ok());
    let commit = object.and_then(|object| object.peel_to_kind(gix::objs::Kind::Commit).ok());
    commit.ok_or_else(|| Stop::fault(unknown(rev)))
}

type Text = Result<Arc<str>, Unreadable>;

fn text(git: &gix::Repository, id: ObjectId) -> Text {
    let blob = git.find_blob(id);
    let blob = blob.map_err(|e| Unreadable::System(e.to_string()))?;
    if blob.data.len() as u64 > MAX_FILE_SIZE {
        return Err(Unreadable::NotAFile("is larger than 16 MiB".to_owned()));
    }
    let text = str::from_utf8(&blob.data).map_err(|_| Unreadable::NotText)?;
    Ok(text.into())
}

/// True for regular files. A symbolic link is skipped: its target is a file of the tree
/// too, or outside of the repository.
fn is_file(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::Blob | EntryKind::BlobExecutable)
}

fn unknown(rev: &str) -> Diagnostic {
    let shown = rev.escape_debug();
    Diagnostic::error("unknown-revision", format!("git knows no commit `{shown}`"))
        .help("name a branch, a tag or a hash; in CI, fetch it first: `git fetch origin main`")
        .about(rev)
}

/// The files of a commit, all read eagerly: git's objects are confined to one thread.
struct CommitFiles(HashMap<RepoPath, Text>);

impl Loader for CommitFiles {
    fn load(&self, path: &RepoPath) -> Result<Option<Arc<str>>, Unreadable> {
        trace::read(path);
        self.0.get(path).cloned().transpose()
    }

    fn parsing(&self, path: &RepoPath) {
        trace::parsed(path);
    }
}
