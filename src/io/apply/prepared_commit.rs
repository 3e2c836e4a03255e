//! The commit, created and signed in memory before anything is written.

use gix::ObjectId;
use gix::actor::{Signature, SignatureRef};
use gix::objs::Commit;
use gix::objs::signature::sign::Options;
use gix::objs::tree::{EntryKind, EntryMode};
use gix::odb::memory::Storage;

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::apply::index_change::{IndexChange, IndexState};
use crate::io::program;
use crate::io::workspace::{Git, Head, git_error, reason};

/// A commit that exists in memory only.
pub(super) struct PreparedCommit {
    pub(super) id: ObjectId,
    /// The parent; `None` for the first commit of a branch.
    pub(super) base: Option<ObjectId>,
    /// The branch that will move; `None` where HEAD is detached.
    pub(super) branch: Option<String>,
}

/// True if a commit of these changes would differ from `head`.
pub(super) fn would_change(
    git: &Git,
    head: &Head,
    changes: &[IndexChange],
    blobs: &Storage,
) -> Result<bool, Stop> {
    let memory = with_objects(git, blobs.clone());
    let before = git.tree(head.commit)?.id();
    let after = tree(&memory, before, changes).map_err(|e| not_created(&e))?;
    Ok(Some(after) != before)
}

/// Creates the commit of these changes on top of `head`. Adds its objects to `objects`.
pub(super) fn prepare(
    git: &Git,
    head: &Head,
    changes: &[IndexChange],
    objects: &mut Storage,
    message: &str,
) -> Result<PreparedCommit, Stop> {
    let memory = with_objects(git, std::mem::take(objects));
    let before = git.tree(head.commit)?.id();
    let tree = tree(&memory, before, changes).map_err(|e| not_created(&e))?;
    let commit = signed(&memory, unsigned(&memory, tree, head.commit, message)?)?;
    let id = memory.write_object(&commit).map_err(|e| not_created(&e))?;
    let id = id.detach();
    *objects = memory.objects.reset_object_memory().unwrap_or_default();
    Ok(PreparedCommit {
        id,
        base: head.commit,
        branch: head.branch.clone(),
    })
}

fn with_objects(git: &Git, objects: Storage) -> gix::Repository {
    let mut memory = git.repo().clone().with_object_memory();
    memory.objects.set_object_memory(objects);
    memory
}

fn tree(
    repo: &gix::Repository,
    before: Option<ObjectId>,
    changes: &[IndexChange],
) -> gix::Result<ObjectId> {
    let empty = ObjectId::empty_tree(repo.object_hash());
    let mut editor = repo.edit_tree(before.unwrap_or(empty))?;
    // Deletions make room first: a file may become a folder, or a folder a file.
    let is_deletion = |change: &&IndexChange| change.after == IndexState::Deleted;
    for change in changes.iter().filter(is_deletion) {
        editor.remove_leaf(change.path.as_str())?;
    }
    for change in changes {
        if let IndexState::Recorded(entry) = change.after {
            let mode = EntryMode::try_from(entry.mode);
            let kind = mode.map_or(EntryKind::Blob, |mode| mode.kind());
            editor.upsert(change.path.as_str(), kind, entry.id)?;
        }
    }
    Ok(editor.write()?.detach())
}

fn unsigned(
    repo: &gix::Repository,
    tree: ObjectId,
    parent: Option<ObjectId>,
    message: &str,
) -> Result<Commit, Stop> {
    Ok(Commit {
        tree,
        parents: parent.into_iter().collect(),
        author: identity(repo.author())?,
        committer: identity(repo.committer())?,
        encoding: None,
        message: format!("{}\n", message.trim_end()).into(),
        extra_headers: Vec::new(),
    })
}

fn identity(configured: Option<gix::Result<SignatureRef<'_>>>) -> Result<Signature, Stop> {
    let message = "git does not know who commits here";
    let missing = || Stop::fault(Diagnostic::error("no-identity", message));
    let signature = configured.ok_or_else(missing)?;
    signature
        .and_then(|signature| signature.to_owned())
        .map_err(|e| not_created(&e))
}

/// Signs the commit, if git's configuration says so.
fn signed(repo: &gix::Repository, commit: Commit) -> Result<Commit, Stop> {
    let options = repo.commit_signing_options_if_enabled();
    match options.map_err(|e| not_signed(&e))? {
        Some(options) => sign(commit, options).map_err(|e| not_signed(&e)),
        None => Ok(commit),
    }
}

/// gix starts the program that signs.
fn sign(commit: Commit, options: Options) -> gix::Result<Commit> {
    let (program, arguments) = (options.program.clone(), options.program_arguments.clone());
    let sign = || commit.sign(options);
    program::shown(&program, &arguments, sign, |signed| match signed {
        Ok(_) => "signed".to_owned(),
        Err(error) => reason(error),
    })
}

fn not_created(error: &gix::Error) -> Stop {
    git_error("the commit cannot be created", error)
}

fn not_signed(error: &gix::Error) -> Stop {
    let message = format!("the commit cannot be signed: {}", reason(error));
    let help = "pass `--no-commit`, and commit yourself";
    Stop::fault(Diagnostic::error("signing", message).help(help))
}
