//! Adds the entry of a new host to a file of data, as a changed copy of its sibling's.

use std::ops::Range;

use serde_json::Value;

use crate::data::{EntryCopy, Segment, at};
use crate::diagnostic::Diagnostic;
use crate::flake::discovery::{Discovery, FlakeEntry, FoundHost};
use crate::flake::entry::answer;
use crate::flake::entry::by_hand::say_it;
use crate::flake::entry::data::by_hand;
use crate::flake::entry::data::listing::{DataEntry, Listing};
use crate::flake::entry::data::spec::{Changes, EntrySpec, OtherEntry, names_of};
use crate::flake::entry::naming::module_name;
use crate::flake::entry::request::{NeededValue, NewEntry, NotAdded};
use crate::repo::Repo;
use crate::text::TextEdit;
use crate::text::rename_word;

/// The edit that makes a host as a sibling is made, and what of the sibling's entry
/// was left out.
pub(in crate::flake::entry) fn add(
    repo: &Repo,
    found: &Discovery,
    new: &NewEntry,
    sibling: &FoundHost,
    entry: &FlakeEntry,
) -> Result<(TextEdit, Vec<String>), NotAdded> {
    let listing = Listing::read(repo, entry)?;
    let own = listing.entry_of(sibling, entry);
    let own = own.map_err(|refusal| with_snippet(refusal, &listing, entry, sibling, new))?;
    let others = listing.others(found, sibling, &own);
    if let Some(known) = listing.named(&new.name, &own) {
        return Err(by_hand::known(&listing.source, known, &new.name).into());
    }
    let spec = EntrySpec {
        new,
        sibling: &sibling.name,
        module: module_name(sibling),
        name: own.name.as_deref(),
    };
    let (wanted, changes) = spec.of(&value(&listing, &own), &values(&listing, &others));
    let form = |snippet: Option<&str>| not_editable(&listing, &own, new, snippet);
    let mut copy = listing.data.copy(&own.path).ok_or_else(|| form(None))?;
    let part = |part: &Vec<Segment>| copy.text_of(part).map(str::to_owned);
    let left_out = changes.left_out.iter().filter_map(part).collect();
    let is_made = make(&mut copy, &changes, own.is_member().then_some(&*new.name));
    let snippet = copy.text().ok_or_else(|| form(None))?;
    if !changes.needed.is_empty() {
        let mut why = needs(&listing, &own, new, &changes.needed, snippet);
        let needed = changes
            .needed
            .iter()
            .map(|part| needed_value(&listing, &own, part));
        let needed: Vec<NeededValue> = needed.collect();
        why.help.insert(0, say_it(&needed));
        return Err(NotAdded { why, needed });
    }
    let is_wanted = is_made.is_some() && copy.value().as_ref() == Some(&wanted);
    let place = listing.place_of_new(&own, &others, &new.name);
    let edit = listing.data.insert_after(&place, &copy);
    let edit = edit.filter(|_| is_wanted);
    Ok((edit.ok_or_else(|| form(Some(snippet)))?, left_out))
}

fn value(listing: &Listing, entry: &DataEntry) -> Value {
    at(&listing.value, &entry.path).cloned().unwrap_or_default()
}

fn values<'a>(listing: &'a Listing, entries: &[DataEntry<'a>]) -> Vec<OtherEntry<'a>> {
    let value = |entry: &DataEntry<'a>| {
        let value = at(&listing.value, &entry.path);
        (entry.host, value.unwrap_or(&Value::Null))
    };
    entries.iter().map(value).collect()
}

/// Makes the sibling's entry the new one; a value that a person must write is marked.
fn make(copy: &mut EntryCopy, changes: &Changes, key: Option<&str>) -> Option<()> {
    for (part, text) in &changes.texts {
        copy.set_string(part, text)?;
    }
    for (part, number) in &changes.numbers {
        copy.set_number(part, number)?;
    }
    for part in &changes.needed {
        copy.set_string(part, by_hand::UNKNOWN)?;
    }
    // Later parts first: the paths of the earlier ones stay as they are.
    for part in changes.left_out.iter().rev() {
        copy.remove(part)?;
    }
    // The keys inside come before the one around them.
    for (part, name) in &changes.keys {
        copy.rename(part, name)?;
    }
    key.map_or(Some(()), |name| copy.rename(&[], name))
}

/// The sibling's entry is not known; with what a person may write.
fn with_snippet(
    mut refusal: Diagnostic,
    listing: &Listing,
    entry: &FlakeEntry,
    sibling: &FoundHost,
    new: &NewEntry,
) -> Diagnostic {
    let snippet = listing.around(entry).map(|(is_keyed, text)| {
        let key = if is_keyed { by_hand::UNKNOWN } else { "" };
        format!("{key}{}", rename_word(text, &sibling.name, &new.name))
    });
    let help = snippet.map(|snippet| by_hand::help(&listing.source.path, new, &snippet));
    refusal.help = help.into_iter().collect();
    refusal
}

/// A form that cannot be edited.
fn not_editable(
    listing: &Listing,
    own: &DataEntry,
    new: &NewEntry,
    snippet: Option<&str>,
) -> Diagnostic {
    let range = listing.range(own);
    let renamed = || rename_word(&listing.data.text()[range.clone()], own.host, &new.name);
    let snippet = snippet.map_or_else(renamed, str::to_owned);
    by_hand::form(&listing.source, range.clone(), new, &snippet)
}

/// A value that is missing, by its name, with the sibling's.
fn needed_value(listing: &Listing, own: &DataEntry, part: &[Segment]) -> NeededValue {
    let value = at(&listing.value, &[&own.path, part].concat());
    let value = value.map(|value| {
        value
            .as_array()
            .and_then(|items| items.first())
            .unwrap_or(value)
    });
    let text = value.map(|value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    });
    NeededValue {
        key: answer::keys(&names_of(part)).swap_remove(0),
        example: text.unwrap_or_default(),
        taken: Vec::new(),
    }
}

/// Values that only a person knows.
fn needs(
    listing: &Listing,
    own: &DataEntry,
    new: &NewEntry,
    needed: &[Vec<Segment>],
    snippet: &str,
) -> Diagnostic {
    let name = |part: &Vec<Segment>| {
        let keys = part.iter().filter_map(|segment| match segment {
            Segment::Key(name) => Some(&**name),
            Segment::Index(_) => None,
        });
        format!("`{}`", keys.collect::<Vec<_>>().join("."))
    };
    let names: Vec<String> = needed.iter().map(name).collect();
    let first = needed.first();
    let first = first.map(|part| [&own.path, part.as_slice()].concat());
    let range: Range<usize> = first
        .and_then(|part| listing.data.range(&part))
        .unwrap_or_default();
    by_hand::needs(&listing.source, range, new, &names.join(", "), snippet)
}
