//! New hosts in a flake, and their removal.
//!
//! A new entry is the entry of a sibling with another name: the same helper, the
//! same arguments in the same order. What only the sibling has (its hardware, its
//! disks, its address) is left out. The result is evaluated before it is offered:
//! the new host must be there with its module, and every other host as it was.

mod beside;
mod clone;
mod data;
mod family;
mod nested;
mod path;
mod snippet;
mod specific;
mod verify;

use rnix::ast;
use rowan::ast::AstNode;

use crate::diagnostic::{Diagnostic, Source};
use crate::flake::found::{Entry, EntryKind, Found, FoundHost};
use crate::nix::{NixFile, Refusal, edit};
use crate::repo::{Repo, RepoPath};
use crate::text::TextEdit;

pub use nested::nested;
pub use path::module_path_for;

/// The host that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// Its name in `nixosConfigurations`.
    pub name: String,
    /// Its platform, where the flake says that of each host.
    pub system: Option<String>,
    /// Its module, relative to the flake's folder.
    pub module: String,
    /// The host that it should be made like; the most usual one if absent.
    pub like: Option<String>,
}

/// What a new host needs in the files that are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Added {
    /// One edit a file, of Nix, TOML or JSON; none where the flake reads a folder.
    pub edits: Vec<(RepoPath, TextEdit)>,
    /// Where the module of the host has to be.
    pub module: RepoPath,
    /// The attribute path at which it has to be in that file, if the file is more
    /// than the module.
    pub within: Option<String>,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// The edit that makes a new host.
///
/// # Errors
/// When no sibling shows how, or when the flake would not have the host, or would
/// have other hosts changed: with what to write by hand.
pub fn add_entry(repo: &Repo, found: &Found, new: &NewEntry) -> Result<Added, Diagnostic> {
    if found.hosts.iter().any(|host| host.name == new.name) {
        return Err(Diagnostic::error(
            "host-exists",
            format!("the flake has a host `{}` already", new.name),
        ));
    }
    let module = repo.path(&new.module).ok_or_else(|| {
        Diagnostic::error(
            "module-outside",
            format!("`{}` leaves the repository", new.module),
        )
    })?;
    let siblings = family::siblings(repo, found, new)?;
    let mut first_refusal = None;
    for sibling in &siblings {
        match like(repo, found, new, &module, sibling) {
            Ok(added) => return Ok(added),
            Err(refusal) => {
                first_refusal.get_or_insert(refusal);
            }
        }
    }
    Err(first_refusal.unwrap_or_else(|| snippet::no_sibling(found, new)))
}

/// The edit that takes a host out: the inverse of [`add_entry`].
///
/// # Errors
/// When the host is not made by an entry of its own.
pub fn remove_entry(
    repo: &Repo,
    found: &Found,
    name: &str,
) -> Result<Vec<(RepoPath, TextEdit)>, Diagnostic> {
    let host = found.require_host(name)?;
    let Some(entry) = &host.entry else {
        return Err(snippet::no_entry(host));
    };
    match entry.kind {
        EntryKind::Directory => Ok(Vec::new()),
        // The file of a dendritic host declares it, and goes with its module.
        _ if is_self_declared(host) => Ok(Vec::new()),
        EntryKind::Data => {
            let edit = data::remove(repo, host, entry)?;
            Ok(vec![(entry.file.clone(), edit)])
        }
        EntryKind::Binding | EntryKind::Name | EntryKind::Row => {
            let file = read(repo, &entry.file)?;
            let edit = edit::remove_at(&file, entry.range.clone());
            let edit = edit.map_err(|refusal| refused(repo, &entry.file, &refusal))?;
            Ok(vec![(entry.file.clone(), edit)])
        }
    }
}

/// True if the file that has the host's nested module also makes the host.
fn is_self_declared(host: &FoundHost) -> bool {
    let entry = host.entry.as_ref().map(|entry| &entry.file);
    host.within.is_some() && host.module.as_ref() == entry
}

fn is_item(repo: &Repo, entry: &Entry) -> bool {
    let node = repo
        .nix(&entry.file)
        .and_then(Result::ok)
        .and_then(|nix| nix.node_at(&entry.range));
    let list = node.and_then(|node| node.parent());
    list.is_some_and(|list| ast::List::can_cast(list.kind()))
}

/// Makes the host as this sibling is made.
fn like(
    repo: &Repo,
    found: &Found,
    new: &NewEntry,
    module: &RepoPath,
    sibling: &FoundHost,
) -> Result<Added, Diagnostic> {
    let Some(entry) = &sibling.entry else {
        return Err(snippet::no_entry(sibling));
    };
    let within = sibling.within.as_ref();
    let mut added = Added {
        edits: Vec::new(),
        module: module.clone(),
        within: within.map(|within| path::renamed_path(within, &sibling.name, &new.name)),
        notes: Vec::new(),
    };
    match entry.kind {
        EntryKind::Directory => {}
        EntryKind::Data => {
            let (edit, left_out) = data::add(repo, found, new, sibling, entry)?;
            added.edits.push((entry.file.clone(), edit));
            let note = snippet::left_out(&sibling.name, &left_out);
            added.notes.extend(note);
        }
        _ if entry.file == *module => return Err(snippet::same_file(entry)),
        _ if sibling.is_list => return Err(snippet::own_file(sibling, &new.name)),
        // The file of a dendritic host declares it and is its module.
        _ if is_self_declared(sibling) => {}
        EntryKind::Name | EntryKind::Row if !is_item(repo, entry) => {
            return Err(snippet::own_file(sibling, &new.name));
        }
        _ => write(repo, found, new, sibling, entry, &mut added)?,
    }
    verify::check(repo, found, new, sibling, added)
}

/// Clones the entry of the sibling.
fn write(
    repo: &Repo,
    found: &Found,
    new: &NewEntry,
    sibling: &FoundHost,
    entry: &Entry,
    added: &mut Added,
) -> Result<(), Diagnostic> {
    let file = read(repo, &entry.file)?;
    let family = family::Family::of(repo, found, sibling);
    let cloned = clone::entry(&file, &family, new, &added.module)?;
    let after = family::place(&family, &new.name);
    let edit = edit::insert_after(&file, after, &cloned.text).map_err(|refusal| {
        snippet::with_text(refused(repo, &entry.file, &refusal), &cloned.text)
    })?;
    added.edits.push((entry.file.clone(), edit));
    added
        .notes
        .extend(snippet::left_out(&sibling.name, &cloned.left_out));
    Ok(())
}

fn read(repo: &Repo, path: &RepoPath) -> Result<NixFile, Diagnostic> {
    match repo.nix(path) {
        Some(Ok(file)) => Ok(file),
        _ => Err(Diagnostic::error(
            "unreadable",
            format!("`{}` cannot be read", repo.shown(path)),
        )),
    }
}

fn refused(repo: &Repo, path: &RepoPath, refusal: &Refusal) -> Diagnostic {
    let mut diagnostic = Diagnostic::error("entry-refused", refusal.message.clone());
    if let Ok(Some(text)) = repo.text(path) {
        let source = Source::new(repo.shown(path), text);
        diagnostic = diagnostic.at(&source, refusal.range.clone(), "");
    }
    refusal.help.iter().fold(diagnostic, Diagnostic::help)
}
