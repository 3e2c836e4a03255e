//! Reads the inventory: TOML with spans → [`Fleet`].
//!
//! Every mistake of a file is reported at once, each with its place and, where
//! one is near, the right word. Only a text that is not TOML, has another version
//! or holds a private key ends the reading early.

mod cache;
mod engine;
mod external_cache;
mod host;
mod jump_host;
mod lint;
mod pair;
mod problems;
mod refusals;
mod section;
mod shared;
mod values;

use std::ops::Range;

use toml_edit::{Document, TomlError};

use crate::diagnostic::{Diagnostic, Source};
use crate::key::might_be_private;
use crate::text::{HOW_TO_RESOLVE, unresolved_conflict};

use self::problems::Problems;
use self::section::Section;
use super::format::top::{self, VERSION_NUMBER};
use super::{Fleet, Spans, check_module_path};

/// What an inventory means.
///
/// # Errors
/// Every mistake in it, in order of place.
pub fn read(source: &Source) -> Result<Fleet, Vec<Diagnostic>> {
    let (fleet, problems) = read_leniently(source);
    if problems.is_empty() {
        Ok(fleet)
    } else {
        Err(problems)
    }
}

/// What can be understood of an inventory, and what is wrong with it.
pub(super) fn read_leniently(source: &Source) -> (Fleet, Vec<Diagnostic>) {
    let mut fleet = Fleet {
        source: source.clone(),
        ..Fleet::empty()
    };
    if let Some(refusal) = private_key(source) {
        return (fleet, vec![refusal]);
    }
    let document = match Document::parse(&*source.text) {
        Ok(document) => document,
        Err(error) => return (fleet, vec![not_toml(source, &error)]),
    };
    let mut problems = Problems::of(source);
    fleet.spans = Spans::of(source.text.clone());
    let mut top = Section::top(document.as_table(), &mut problems);
    if is_of_our_version(&mut top) {
        read_top(&mut top, &mut fleet);
    }
    (fleet, problems.in_order())
}

fn read_top(top: &mut Section<'_, '_>, fleet: &mut Fleet) {
    top.check_keys(top::KEYS);
    if let Some(dir) = top.checked(&top::DIR, check_module_path) {
        dir.trim_end_matches('/').clone_into(&mut fleet.dir);
    }
    fleet.import = top
        .checked(&top::IMPORT, check_module_path)
        .map(str::to_owned);
    fleet.allowances = lint::read(top);
    fleet.hosts = host::read_all(top);
    fleet.jump_hosts = jump_host::read_all(top, &fleet.hosts);
    (fleet.caches, fleet.external_caches) = cache::read_all(top, &fleet.hosts);
}

/// The version is looked at first: of another one, nothing else is known.
fn is_of_our_version(top: &mut Section<'_, '_>) -> bool {
    match top.integer(&top::VERSION) {
        Some(VERSION_NUMBER) | None => true,
        Some(other) => {
            top.refuse_version(&top::VERSION, other, VERSION_NUMBER);
            false
        }
    }
}

fn not_toml(source: &Source, error: &TomlError) -> Diagnostic {
    if let Some(marks) = unresolved_conflict(&source.text) {
        return in_conflict(source, marks);
    }
    let message = format!("`{}` is not TOML", source.path);
    let place = error.span().unwrap_or(0..0);
    Diagnostic::error("inventory-syntax", message).at(source, place, error.message())
}

fn in_conflict(source: &Source, marks: Range<usize>) -> Diagnostic {
    let path = &source.path;
    let message = format!("`{path}` has a conflict that is not resolved");
    Diagnostic::error("inventory-syntax", message)
        .at(source, marks, "one side begins here")
        .help(HOW_TO_RESOLVE)
}

/// A private key in the inventory is refused before anything quotes the text.
fn private_key(source: &Source) -> Option<Diagnostic> {
    if !might_be_private(&source.text) {
        return None;
    }
    let message = format!("`{}` holds a private key", source.path);
    let refusal = Diagnostic::error("inventory-private-key", message).help(
        "only public halves belong here: take it out, and make a new key if this was committed",
    );
    Some(refusal)
}
