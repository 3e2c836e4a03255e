//! The commit, made in memory: signed and whole before a byte is written.

use gix::ObjectId;
use gix::objs::signature::sign::Options;
use gix::objs::{Commit, Kind};
use gix::odb::memory::Storage;

use crate::diagnostic::{Diagnostic, Stop};
use crate::io::apply::clean::Cleaner;
use crate::io::preflight::{Finish, Target};
use crate::io::program;
use crate::io::workspace::{Git, Head, Held, held, reason, trouble};
use crate::repo::RepoPath;

/// What git shall know of one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fate {
    pub(super) path: RepoPath,
    /// What git's index holds now, notes of intent aside.
    pub(super) from: Option<ObjectId>,
    pub(super) to: Known,
}

/// What git shall know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// These bytes, in the commit and in the index.
    Recorded(Held),
    /// That the file will be added: so that Nix sees it. For a file that git
    /// knows already: no change.
    Noted(u32),
    /// That the file is gone.
    Gone,
    /// That the file will not be added after all; one that is in a commit stays
    /// in the index until somebody commits.
    Forgotten,
}

/// A commit that is in memory only.
pub(super) struct Draft {
    pub(super) id: ObjectId,
    pub(super) base: Option<ObjectId>,
    pub(super) branch: Option<String>,
}

/// The fates of these files, with the objects that they need.
pub(super) fn fates(
    git: &Git,
    targets: &[Target],
    finish: Finish,
) -> Result<(Vec<Fate>, Storage), Stop> {
    let index = git.index()?;
    let mut cleaner = Cleaner::new(git)?;
    let head = git.tree(git.head()?.commit)?;
    let memory = in_memory(git);
    let mut fates = Vec::new();
    for target in targets {
        let entry = index.entry_by_path(target.path.as_str().into());
        let entry = entry.filter(|it| !it.flags.contains(gix::index::entry::Flags::INTENT_TO_ADD));
        let known = match entry {
            Some(entry) => Some(entry.mode.bits()),
            None => held(head.as_ref(), &target.path)?.map(|it| it.mode),
        };
        let mode = git.mode(target.mode, known);
        let to = match (&target.after, finish) {
            (None, Finish::Commit) => Known::Gone,
            (None, Finish::NoCommit) => Known::Forgotten,
            (Some(_), Finish::NoCommit) => Known::Noted(mode),
            (Some(after), Finish::Commit) => {
                let bytes = cleaner.bytes(after.as_bytes(), &target.path)?;
                let id = memory.write_blob(bytes).map_err(|e| not_made(&e))?.detach();
                Known::Recorded(Held { id, mode })
            }
        };
        fates.push(Fate {
            path: target.path.clone(),
            from: entry.map(|it| it.id),
            to,
        });
    }
    let mut objects = memory.objects.reset_object_memory().unwrap_or_default();
    if fates
        .iter()
        .any(|fate| matches!(fate.to, Known::Noted(_)) && fate.from.is_none())
    {
        // What git's index names for a file that is only noted.
        let empty = ObjectId::empty_blob(git.repo().object_hash());
        objects.insert(empty, (Kind::Blob, Vec::new()));
    }
    Ok((fates, objects))
}

/// True if a commit of these fates would differ from the last one.
pub(super) fn changes(
    git: &Git,
    head: &Head,
    fates: &[Fate],
    blobs: &Storage,
) -> Result<bool, Stop> {
    let mut memory = in_memory(git);
    memory.objects.set_object_memory(blobs.clone());
    let before = git.tree(head.commit)?.map(|tree| tree.id);
    let after = tree(&memory, before, fates).map_err(|e| not_made(&e))?;
    Ok(Some(after) != before)
}

/// The commit of these fates on top of `head`. Its objects join those of the
/// fates in `objects`.
pub(super) fn draft(
    git: &Git,
    head: &Head,
    fates: &[Fate],
    objects: &mut Storage,
    message: &str,
) -> Result<Draft, Stop> {
    let mut memory = in_memory(git);
    memory.objects.set_object_memory(std::mem::take(objects));
    let before = git.tree(head.commit)?.map(|tree| tree.id);
    let tree = tree(&memory, before, fates).map_err(|e| not_made(&e))?;
    let commit = commit(&memory, tree, head.commit, message)?;
    let id = memory
        .write_object(&commit)
        .map_err(|e| not_made(&e))?
        .detach();
    *objects = memory.objects.reset_object_memory().unwrap_or_default();
    Ok(Draft {
        id,
        base: head.commit,
        branch: head.branch.clone(),
    })
}

fn in_memory(git: &Git) -> gix::Repository {
    git.repo().clone().with_object_memory()
}

fn tree(repo: &gix::Repository, before: Option<ObjectId>, fates: &[Fate]) -> gix::Result<ObjectId> {
    let empty = ObjectId::empty_tree(repo.object_hash());
    let mut editor = repo.edit_tree(before.unwrap_or(empty))?;
    // What goes makes room first: a file may become a folder, or a folder a file.
    for fate in fates.iter().filter(|fate| fate.to == Known::Gone) {
        editor.remove_leaf(fate.path.as_str())?;
    }
    for fate in fates {
        if let Known::Recorded(held) = fate.to {
            let mode = gix::objs::tree::EntryMode::try_from(held.mode);
            let kind = mode.map_or(gix::objs::tree::EntryKind::Blob, |mode| mode.kind());
            editor.upsert(fate.path.as_str(), kind, held.id)?;
        }
    }
    Ok(editor.write()?.detach())
}

fn commit(
    repo: &gix::Repository,
    tree: ObjectId,
    parent: Option<ObjectId>,
    message: &str,
) -> Result<Commit, Stop> {
    let who = |who: Option<gix::Result<gix::actor::SignatureRef<'_>>>| -> Result<gix::actor::Signature, Stop> {
        let who = who.ok_or_else(|| Stop::fault(Diagnostic::error("no-identity", "git does not know who commits here")))?;
        who.and_then(|who| who.to_owned()).map_err(|e| not_made(&e))
    };
    let commit = Commit {
        tree,
        parents: parent.into_iter().collect(),
        author: who(repo.author())?,
        committer: who(repo.committer())?,
        encoding: None,
        message: format!("{}\n", message.trim_end()).into(),
        extra_headers: Vec::new(),
    };
    let signing = repo
        .commit_signing_options_if_enabled()
        .map_err(|e| unsigned(&e))?;
    match signing {
        Some(options) => signed(commit, options).map_err(|e| unsigned(&e)),
        None => Ok(commit),
    }
}

/// gix starts the program that signs.
fn signed(commit: Commit, options: Options) -> gix::Result<Commit> {
    let (program, arguments) = (options.program.clone(), options.program_arguments.clone());
    let sign = || commit.sign(options);
    program::shown(&program, &arguments, sign, |signed| match signed {
        Ok(_) => "signed".to_owned(),
        Err(error) => reason(error),
    })
}

fn not_made(error: &gix::Error) -> Stop {
    trouble("the commit cannot be made", error)
}

fn unsigned(error: &gix::Error) -> Stop {
    let said = format!("the commit cannot be signed: {}", reason(error));
    Stop::fault(Diagnostic::error("signing", said).help("give `--no-commit`, and commit by hand"))
}
