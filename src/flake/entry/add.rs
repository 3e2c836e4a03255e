//! Adds a host to the flake, as one of its siblings is made.

use rnix::ast;
use rowan::ast::AstNode;

use crate::diagnostic::Diagnostic;
use crate::flake::discoveries::Discoveries;
use crate::flake::discovery::{Discovery, EntryKind, FlakeEntry, FoundHost};
use crate::flake::entry::frame::{self, Frame};
use crate::flake::entry::nix_file::{is_self_declared, read, refused};
use crate::flake::entry::request::{Added, NeededValue, NewEntry, NotAdded};
use crate::flake::entry::siblings::Siblings;
use crate::flake::entry::{
    by_hand, choose_sibling, clone, columns, data, imported, own_file, verify,
};
use crate::nix::edit;
use crate::repo::{Repo, RepoPath};
use crate::text::rename_word;

/// The edit that makes a new host.
///
/// # Errors
/// When no sibling shows how, or when the flake would not have the host, or would
/// have other hosts changed: with what to write by hand.
pub fn add_entry(
    repo: &Repo,
    known: &Discoveries,
    found: &Discovery,
    new: &NewEntry,
) -> Result<Added, Diagnostic> {
    attempt(repo, known, found, new).map_err(|not_added| not_added.why)
}

/// The values that must be given before the host can be added.
pub fn values_needed(
    repo: &Repo,
    known: &Discoveries,
    found: &Discovery,
    new: &NewEntry,
) -> Vec<NeededValue> {
    let attempt = attempt(repo, known, found, new);
    attempt
        .err()
        .map(|not_added| not_added.needed)
        .unwrap_or_default()
}

fn attempt(
    repo: &Repo,
    known: &Discoveries,
    found: &Discovery,
    new: &NewEntry,
) -> Result<Added, NotAdded> {
    if found.hosts.iter().any(|host| host.name == new.name) {
        let message = format!("the flake has a host `{}` already", new.name);
        return Err(Diagnostic::error("host-exists", message).into());
    }
    let module = repo.path(&new.module).ok_or_else(|| {
        Diagnostic::error(
            "module-outside",
            format!("`{}` leaves the repository", new.module),
        )
    })?;
    let siblings = choose_sibling::best_first(repo, found, new)?;
    let mut first_refusal = None;
    for sibling in &siblings {
        match like(repo, known, found, new, &module, sibling) {
            Ok(added) => return Ok(added),
            Err(refusal) => {
                first_refusal.get_or_insert(refusal);
            }
        }
    }
    Err(first_refusal.unwrap_or_else(|| by_hand::no_sibling(found, new).into()))
}

/// Makes the host as this sibling is made.
fn like(
    repo: &Repo,
    known: &Discoveries,
    found: &Discovery,
    new: &NewEntry,
    module: &RepoPath,
    sibling: &FoundHost,
) -> Result<Added, NotAdded> {
    let framed = |own| frame::like(repo, found, new, module, sibling, own);
    if let Ok(Some(frame)) = framed(own_file::of_module)
        && let Ok(added) = in_own_file(repo, known, found, new, sibling, frame)
    {
        return Ok(added);
    }
    let Some(entry) = &sibling.entry else {
        return Err(by_hand::no_entry(sibling).into());
    };
    if let Some(frame) = framed(own_file::of)? {
        return in_own_file(repo, known, found, new, sibling, frame);
    }
    let within = sibling.within.as_ref();
    let mut added = Added {
        edits: Vec::new(),
        file: None,
        module: module.clone(),
        within: within.map(|within| rename_word(within, &sibling.name, &new.name)),
        has_platform: false,
        notes: Vec::new(),
    };
    match entry.kind {
        EntryKind::Directory => {}
        EntryKind::Data => {
            let (edit, left_out) = data::add(repo, found, new, sibling, entry)?;
            added.edits.push((entry.file.clone(), edit));
            let note = by_hand::left_out(&sibling.name, &left_out);
            added.notes.extend(note);
        }
        _ if entry.file == *module => return Err(by_hand::same_file(entry).into()),
        _ if sibling.is_list => return Err(by_hand::own_file(sibling, &new.name).into()),
        // The file of a dendritic host declares it and is its module.
        _ if is_self_declared(sibling) => {}
        EntryKind::Name | EntryKind::Row if !is_item(repo, entry) => {
            return Err(by_hand::own_file(sibling, &new.name).into());
        }
        _ => write(repo, found, new, sibling, entry, &mut added)?,
    }
    Ok(verify::check(repo, known, found, new, sibling, added)?)
}

/// Makes the host in a file of its own, with a line in the list of such files if it takes
/// one.
fn in_own_file(
    repo: &Repo,
    known: &Discoveries,
    found: &Discovery,
    new: &NewEntry,
    sibling: &FoundHost,
    frame: Frame,
) -> Result<Added, NotAdded> {
    if !frame.cloned.needed.is_empty() {
        return Err(by_hand::needs(
            repo,
            &frame.file.path,
            &frame.model,
            new,
            &frame.cloned,
        ));
    }
    let within = sibling.within.as_ref();
    let within = within.map(|within| rename_word(within, &sibling.name, &new.name));
    let module = if frame.file.holds_module() {
        Some(frame.file.path.clone())
    } else {
        repo.path(&new.module)
    };
    let path = frame.file.path.clone();
    let mut added = Added {
        edits: Vec::new(),
        module: module.unwrap_or_default(),
        within: within.filter(|_| frame.file.holds_module()),
        file: Some(frame.file),
        has_platform: false,
        notes: by_hand::left_out(&sibling.name, &frame.cloned.left_out)
            .into_iter()
            .collect(),
    };
    let alone = verify::check(repo, known, found, new, sibling, added.clone());
    let Err(refusal) = alone else {
        return Ok(alone?);
    };
    let line = imported::edit_like(repo, found, &frame.model, (&new.name, &path));
    added.edits.extend(line);
    if added.edits.is_empty() {
        return Err(refusal.into());
    }
    Ok(verify::check(repo, known, found, new, sibling, added)?)
}

fn is_item(repo: &Repo, entry: &FlakeEntry) -> bool {
    let node = repo
        .nix(&entry.file)
        .and_then(Result::ok)
        .and_then(|nix| nix.node_at(&entry.range));
    let list = node.and_then(|node| node.parent());
    list.is_some_and(|list| ast::List::can_cast(list.kind()))
}

/// Clones the entry of the sibling.
fn write(
    repo: &Repo,
    found: &Discovery,
    new: &NewEntry,
    sibling: &FoundHost,
    entry: &FlakeEntry,
    added: &mut Added,
) -> Result<(), NotAdded> {
    let file = read(repo, &entry.file)?;
    let siblings = Siblings::of(repo, found, sibling);
    let cloned = clone::entry(&file, &siblings, new, &added.module)?;
    if !cloned.needed.is_empty() {
        return Err(by_hand::needs(repo, &entry.file, &entry.file, new, &cloned));
    }
    let after = siblings.place_of_new(&new.name);
    let text = columns::aligned(file.text(), &siblings, &cloned.text);
    let edit = edit::insert_after(&file, after, &text)
        .map_err(|refusal| by_hand::with_text(refused(repo, &entry.file, &refusal), &text))?;
    added.edits.push((entry.file.clone(), edit));
    added
        .notes
        .extend(by_hand::left_out(&sibling.name, &cloned.left_out));
    Ok(())
}
