//! Takes a host out of the flake.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::flake::discovery::{Discovery, EntryKind};
use crate::flake::entry::entry_text::parts;
use crate::flake::entry::nix_file::{is_self_declared, read, refused};
use crate::flake::entry::request::Removed;
use crate::flake::entry::{by_hand, data, imported, own_file};
use crate::nix::{NixFile, Outline, Refusal, edit, range_of};
use crate::repo::{Repo, RepoPath};
use crate::text::TextEdit;

/// Takes a host out: the inverse of `add_entry`.
///
/// # Errors
/// When the host is not made by an entry of its own.
pub fn remove_entry(repo: &Repo, found: &Discovery, name: &str) -> Result<Removed, Diagnostic> {
    let host = found.require_host(name)?;
    // It goes with its module.
    if own_file::of_module(repo, found, host).is_some() {
        return Ok(Removed::default());
    }
    let Some(entry) = &host.entry else {
        return Err(by_hand::no_entry(host));
    };
    let own = own_file::of(repo, found, host);
    match entry.kind {
        EntryKind::Directory => Ok(own.map_or_else(Removed::default, Removed::file)),
        // The file of a dendritic host declares it, and goes with its module.
        _ if is_self_declared(host) => Ok(Removed::default()),
        EntryKind::Data => {
            let edit = data::remove(repo, host, entry)?;
            Ok(Removed::edit(&entry.file, edit))
        }
        EntryKind::Binding | EntryKind::Name | EntryKind::Row => {
            let file = read(repo, &entry.file)?;
            let edit = taken_out(&file, entry.range.clone(), name);
            let edit = edit.map_err(|refusal| refused(repo, &entry.file, &refusal))?;
            match own.filter(|_| holds_nothing(&edit.apply(file.text()))) {
                Some(own) => Ok(Removed {
                    edits: imported::edit_without(repo, &own).into_iter().collect(),
                    files: vec![own],
                }),
                None => Ok(Removed::edit(&entry.file, edit)),
            }
        }
    }
}

/// The edit that takes a file out of the list of files that make the flake, if it is in one:
/// a host that is declared in the file of its module goes with the file.
pub fn unlist(repo: &Repo, file: &RepoPath) -> Option<(RepoPath, TextEdit)> {
    imported::edit_without(repo, file)
}

impl Removed {
    fn edit(file: &RepoPath, edit: TextEdit) -> Self {
        Self {
            edits: vec![(file.clone(), edit)],
            files: Vec::new(),
        }
    }

    fn file(file: RepoPath) -> Self {
        Self {
            edits: Vec::new(),
            files: vec![file],
        }
    }
}

/// The entry at these bytes, with all parts of it.
fn taken_out(file: &NixFile, range: Range<usize>, name: &str) -> Result<TextEdit, Refusal> {
    let node = file.node_at(&range);
    let parts = node.map_or_else(Vec::new, |node| parts(&node, name));
    let ranges = match parts.as_slice() {
        [] => vec![range],
        parts => parts.iter().map(range_of).collect(),
    };
    edit::remove_all(file, &ranges)
}

/// True if nobody would miss the file.
fn holds_nothing(text: &str) -> bool {
    let file = NixFile::parse(text).ok();
    let outline = file.and_then(|file| Outline::of(&file));
    outline.is_some_and(|outline| outline.bindings.is_empty()) && !text.contains(['#', '*'])
}
