//! One way to rename a host, tried: the edits of every file, and what the flake then is.

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use rnix::ast;
use rowan::ast::AstNode;

use crate::diagnostic::Diagnostic;
use crate::flake::discoveries::Discoveries;
use crate::flake::discovery::{Discovery, EntryKind, FlakeEntry, FoundHost};
use crate::flake::entry::data;
use crate::flake::entry::nix_file::{read, refused_at};
use crate::flake::entry::rename::moves::Moves;
use crate::flake::entry::rename::nested_names::{NestedNames, key_edit};
use crate::flake::entry::rename::renamed::Renamed;
use crate::flake::entry::rename::request::RenameRequest;
use crate::flake::entry::rename::{named_strings, path_references, verify};
use crate::flake::entry::siblings::Siblings;
use crate::repo::{FileState, Repo, RepoPath};
use crate::text::TextEdit;

/// The edits with these moves, if the flake then has the host as it was.
pub(super) fn attempt(
    repo: &Repo,
    known: &Discoveries,
    found: &Discovery,
    host: &FoundHost,
    request: &RenameRequest,
    moves: Moves,
) -> Result<Renamed, Diagnostic> {
    let nested = NestedNames::of(repo, host, &request.new);
    let mut edits = references(repo, request, &nested, &moves);
    verify::refuse_hidden(repo, host, request, &moves, &edits)?;
    if let Some(entry) = &host.entry {
        let own = entry_edit(repo, found, host, entry, request)?;
        join(&mut edits, &entry.file, own);
    }
    let after = repo.after(states(repo, &edits, &moves));
    let renamed = verify::Renaming {
        before: repo,
        after: &after,
        known,
        found,
        host,
        request,
        moves: &moves,
        nested: &nested,
    };
    let (within, notes) = renamed.check()?;
    Ok(Renamed {
        edits,
        moves,
        within,
        notes,
    })
}

/// What refers to the host or to its files, in every file of people's own.
fn references(
    repo: &Repo,
    request: &RenameRequest,
    nested: &NestedNames,
    moves: &Moves,
) -> Vec<(RepoPath, TextEdit)> {
    let generated = request.generated.as_ref().map(|dir| format!("{dir}/"));
    let is_nix = |path: &&RepoPath| path.file_name().strip_suffix(".nix").is_some();
    let is_own = |path: &&RepoPath| {
        let dir = generated.as_ref();
        !dir.is_some_and(|dir| path.as_str().starts_with(dir))
    };
    let paths: Vec<&RepoPath> = repo.tracked().filter(is_nix).filter(is_own).collect();
    let edit = |path: &RepoPath| {
        let text = repo.text(path).ok()??;
        // Most files are not parsed for this.
        let file = text.contains(&request.old).then(|| repo.nix(path)?.ok());
        let file = file.flatten()?;
        let paths = path_references::edit(repo, path, &file, moves);
        let both = paths.clone().and(nested.edit(&file)).unwrap_or(paths);
        (!both.is_empty()).then(|| (path.clone(), both))
    };
    let mut edits: Vec<_> = paths.into_par_iter().filter_map(edit).collect();
    edits.sort_by(|(one, _), (other, _)| one.cmp(other));
    edits
}

/// The edit that gives the host's entry the name.
fn entry_edit(
    repo: &Repo,
    found: &Discovery,
    host: &FoundHost,
    entry: &FlakeEntry,
    request: &RenameRequest,
) -> Result<TextEdit, Diagnostic> {
    match entry.kind {
        EntryKind::Directory => return Ok(TextEdit::empty()),
        EntryKind::Data => return data::rename(repo, host, entry, &request.new),
        EntryKind::Binding | EntryKind::Name | EntryKind::Row => {}
    }
    let nix = read(repo, &entry.file)?;
    let refuse = || {
        let why = "the host's name is not written here by itself";
        refused_at(repo, &entry.file, entry.range.clone(), why)
    };
    let node = nix.node_at(&entry.range).ok_or_else(refuse)?;
    let siblings = Siblings::of(repo, found, host);
    let strings = named_strings::edit(&siblings, &node, &request.new);
    if entry.kind != EntryKind::Binding || host.within.is_some() {
        return Ok(strings);
    }
    let binding = ast::AttrpathValue::cast(node).ok_or_else(refuse)?;
    let key = key_edit(&binding, &request.old, &request.new).ok_or_else(refuse)?;
    key.and(strings).map_err(|_| refuse())
}

fn join(edits: &mut Vec<(RepoPath, TextEdit)>, file: &RepoPath, edit: TextEdit) {
    if edit.is_empty() {
        return;
    }
    match edits.iter_mut().find(|(path, _)| path == file) {
        Some((_, all)) => {
            let both = all.clone().and(edit);
            *all = both.unwrap_or_else(|_| all.clone());
        }
        None => edits.push((file.clone(), edit)),
    }
}

/// The files that are edited, and those that move.
fn states(
    repo: &Repo,
    edits: &[(RepoPath, TextEdit)],
    moves: &Moves,
) -> Vec<(RepoPath, FileState)> {
    let text = |path: &RepoPath| {
        let text = repo.text(path).ok()??;
        let edit = edits.iter().find(|(file, _)| file == path);
        Some(edit.map_or_else(|| text.clone(), |(_, edit)| edit.apply(&text).into()))
    };
    let files = moves.files(repo);
    let stays = |path: &RepoPath| !files.iter().any(|(old, _)| old == path);
    let edited = edits.iter().filter(|(path, _)| stays(path));
    let mut states: Vec<_> = edited
        .filter_map(|(path, _)| Some((path.clone(), FileState::Text(text(path)?))))
        .collect();
    for (old, new) in &files {
        if let Some(text) = text(old) {
            states.push((old.clone(), FileState::Deleted));
            states.push((new.clone(), FileState::Text(text)));
        }
    }
    states
}
