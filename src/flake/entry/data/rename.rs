//! Gives the entry of a host in a file of data another name.

use serde_json::Value;

use crate::data::{Segment, at};
use crate::diagnostic::Diagnostic;
use crate::flake::discovery::{FlakeEntry, FoundHost};
use crate::flake::entry::data::by_hand;
use crate::flake::entry::data::listing::{DataEntry, Listing};
use crate::flake::entry::specific::NAME_KEYS;
use crate::repo::Repo;
use crate::text::TextEdit;

/// The edit that renames a host's entry: its key, or the text that is its name, and what
/// else in it is certainly the name.
pub(in crate::flake::entry) fn rename(
    repo: &Repo,
    host: &FoundHost,
    entry: &FlakeEntry,
    new: &str,
) -> Result<TextEdit, Diagnostic> {
    let listing = Listing::read(repo, entry)?;
    let own = listing.entry_of(host, entry)?;
    if let Some(known) = listing.named(new, &own) {
        return Err(by_hand::known(&listing.source, known, new));
    }
    let stays = || by_hand::not_renamed(&listing.source, listing.range(&own), own.host, new);
    renamed(&listing, &own, new).ok_or_else(stays)
}

fn renamed(listing: &Listing, own: &DataEntry, new: &str) -> Option<TextEdit> {
    let mut edit = TextEdit::empty();
    for path in texts(listing, own) {
        edit = edit.and(listing.data.set_string(&path, new)?).ok()?;
    }
    if own.is_member() {
        edit = edit.and(listing.data.rename(&own.path, new)?).ok()?;
    }
    let after = listing.data.reparse(&edit.apply(listing.data.text()))?;
    let keeps_its_form = after.strings().len() == listing.data.strings().len();
    (!edit.is_empty() && keeps_its_form).then_some(edit)
}

/// The texts of the entry that are the host's name.
fn texts(listing: &Listing, own: &DataEntry) -> Vec<Vec<Segment>> {
    let inside = own.name.as_deref().unwrap_or_default();
    let name = [own.path.as_slice(), inside].concat();
    let is_text = at(&listing.value, &name).is_some_and(Value::is_string);
    let mut paths: Vec<Vec<Segment>> = is_text.then_some(name).into_iter().collect();
    if let Some(Value::Object(members)) = at(&listing.value, &own.path) {
        for (key, value) in members {
            let path = [own.path.as_slice(), &[Segment::key(key)]].concat();
            let is_name = NAME_KEYS.contains(&key.as_str()) && value == own.host;
            if is_name && !paths.contains(&path) {
                paths.push(path);
            }
        }
    }
    paths
}
