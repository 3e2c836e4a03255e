//! Entries in a TOML or JSON file that the flake reads.
//!
//! What is written is read again and compared with what it is to say, for the new
//! entry alone and for the whole file.

mod refuse;
mod wish;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use serde_json::Value;

use crate::data::{Data, EntryCopy, Segment, StringRef, at};
use crate::diagnostic::{Diagnostic, Source};
use crate::flake::entry::NewEntry;
use crate::flake::entry::family::Family;
use crate::flake::entry::path::renamed_path;
use crate::flake::found::{Entry, EntryKind, Found, FoundHost};
use crate::repo::{Repo, RepoPath};
use crate::text::TextEdit;

use self::wish::{Changes, Other, Wish};

/// The file in which hosts are listed.
struct Listing {
    data: Data,
    value: Value,
    words: HashMap<Range<usize>, StringRef>,
    source: Source,
}

/// The entry of one host in it.
struct Place<'a> {
    host: &'a str,
    /// The item or the member.
    path: Vec<Segment>,
    /// Where in it the name is, if there is one.
    name: Option<Vec<Segment>>,
}

impl Place<'_> {
    /// The way to the table or list in which it is.
    fn above(&self) -> &[Segment] {
        self.path.split_last().map_or(&[], |(_, above)| above)
    }

    /// True if it is a member that is named after the host.
    fn is_member(&self) -> bool {
        matches!(self.path.last(), Some(Segment::Key(_)))
    }
}

/// The edit that makes a host as a sibling is made, and what of the sibling's entry
/// was left out.
pub(super) fn add(
    repo: &Repo,
    found: &Found,
    new: &NewEntry,
    sibling: &FoundHost,
    entry: &Entry,
) -> Result<(TextEdit, Vec<String>), Diagnostic> {
    let listing = Listing::read(repo, entry)?;
    let own = listing.place(sibling, entry).map_err(|mut refusal| {
        let snippet = listing.around(entry, &sibling.name, new);
        let help = snippet.map(|snippet| refuse::by_hand(&listing.source.path, new, &snippet));
        refusal.help = help.into_iter().collect();
        refusal
    })?;
    let others = listing.others(found, sibling, &own);
    listing.refuse_known(&new.name, &own)?;
    let value = |place: &Place| at(&listing.value, &place.path).cloned().unwrap_or_default();
    let theirs: Vec<(&str, Value)> = others.iter().map(|one| (one.host, value(one))).collect();
    let theirs: Vec<Other> = theirs.iter().map(|(name, value)| (*name, value)).collect();
    let family = Family::of(repo, found, sibling);
    let wish = Wish {
        new,
        sibling: &sibling.name,
        module: family.module_name(),
        name: own.name.as_deref(),
    };
    let (wanted, changes) = wish.of(&value(&own), &theirs);
    let form = |snippet: Option<&str>| listing.form(&own, new, snippet);
    let mut piece = listing.data.copy(&own.path).ok_or_else(|| form(None))?;
    let words = |part: &Vec<Segment>| piece.text_of(part).map(str::to_owned);
    let left_out = changes.left_out.iter().filter_map(words).collect();
    let is_made = make(&mut piece, &changes, own.is_member().then_some(&*new.name));
    let snippet = piece.text().map(str::to_owned).ok_or_else(|| form(None))?;
    if !changes.needed.is_empty() {
        return Err(listing.needs(&own, new, &changes.needed, &snippet));
    }
    let is_wanted = is_made.is_some() && piece.value().as_ref() == Some(&wanted);
    let place = listing.place_of_new(&own, &others, &new.name);
    let edit = is_wanted
        .then(|| listing.data.insert_after(&place, &piece))
        .flatten();
    Ok((edit.ok_or_else(|| form(Some(&snippet)))?, left_out))
}

/// The edit that takes a host's entry out.
pub(super) fn remove(repo: &Repo, host: &FoundHost, entry: &Entry) -> Result<TextEdit, Diagnostic> {
    let listing = Listing::read(repo, entry)?;
    let own = listing.place(host, entry)?;
    let edit = listing.data.remove(&own.path);
    edit.ok_or_else(|| listing.stays(&own))
}

/// How long the entries of hosts are, by name; the shorter, the less is the host's own.
pub(super) fn sizes<'a>(repo: &Repo, found: &'a Found) -> BTreeMap<&'a str, usize> {
    let mut listings: BTreeMap<&RepoPath, Option<Listing>> = BTreeMap::new();
    let sizes = found.hosts.iter().filter_map(|host| {
        let entry = host
            .entry
            .as_ref()
            .filter(|entry| entry.kind == EntryKind::Data)?;
        let listing = listings.entry(&entry.file);
        let listing = listing.or_insert_with(|| Listing::read(repo, entry).ok());
        let listing = listing.as_ref()?;
        let own = listing.place(host, entry).ok()?;
        let value = at(&listing.value, &own.path)?;
        Some((host.name.as_str(), value.to_string().len()))
    });
    sizes.collect()
}

/// Makes the sibling's entry the new one; a value that a person must write is marked.
fn make(piece: &mut EntryCopy, changes: &Changes, key: Option<&str>) -> Option<()> {
    for (part, text) in &changes.texts {
        piece.set_string(part, text)?;
    }
    for part in &changes.needed {
        piece.set_string(part, refuse::UNKNOWN)?;
    }
    // Later parts first: the ways to the earlier ones stay as they are.
    for part in changes.left_out.iter().rev() {
        piece.remove(part)?;
    }
    // The keys inside come before the one around them.
    for (part, name) in &changes.keys {
        piece.rename(part, name)?;
    }
    key.map_or(Some(()), |name| piece.rename(&[], name))
}

impl Listing {
    fn read(repo: &Repo, entry: &Entry) -> Result<Self, Diagnostic> {
        let shown = repo.shown(&entry.file);
        let unreadable =
            |why: &str| Diagnostic::error("unreadable", format!("`{shown}` {why}")).about(&shown);
        let source = match repo.source(&entry.file) {
            Ok(Some(source)) => source,
            Ok(None) => return Err(unreadable("is gone")),
            Err(why) => return Err(unreadable(&why.to_string())),
        };
        let data = Data::detect(&source.text);
        let data = data.ok_or_else(|| unreadable("is neither JSON nor TOML"))?;
        Ok(Self {
            value: data.value(),
            words: data.strings(),
            data,
            source,
        })
    }

    /// The entry of a host: the nearest item of a list around its name, or the member
    /// that is named after it.
    fn place<'a>(&self, host: &'a FoundHost, entry: &Entry) -> Result<Place<'a>, Diagnostic> {
        let name = &host.name;
        let unplaced = || refuse::unplaced(&self.source, entry.range.clone(), name);
        let word = self.words.get(&entry.range).ok_or_else(unplaced)?;
        let path = &word.path;
        let is_key = |step: &Segment| *step == Segment::Key(name.clone());
        let place = |path: &[Segment], inside: &[Segment]| Place {
            host: name,
            path: path.to_vec(),
            name: (!inside.is_empty()).then(|| inside.to_vec()),
        };
        if word.is_key {
            let is_its = path.last().is_some_and(is_key);
            return is_its.then(|| place(path, &[])).ok_or_else(unplaced);
        }
        let is_its = at(&self.value, path).is_some_and(|text| text == name);
        let is_item = |step: &Segment| matches!(step, Segment::Index(_));
        let last = path
            .iter()
            .rposition(is_item)
            .or(path.iter().rposition(is_key));
        let (path, inside) = path.split_at(last.filter(|_| is_its).ok_or_else(unplaced)? + 1);
        Ok(place(path, inside))
    }

    /// What a person may write where it cannot be seen what the host's entry is.
    fn around(&self, entry: &Entry, name: &str, new: &NewEntry) -> Option<String> {
        let (_, above) = self.words.get(&entry.range)?.path.split_last()?;
        let place = self.data.range(above)?;
        // Its key is not the host's name, and two cannot have the same.
        let key = self
            .data
            .key_range(above)
            .filter(|key| key.start == place.start);
        let (mark, start) = key.map_or(("", place.start), |key| (refuse::UNKNOWN, key.end));
        let words = self.data.text().get(start..place.end)?;
        Some(format!("{mark}{}", renamed_path(words, name, &new.name)))
    }

    /// The entries of the other hosts in the same table or list.
    fn others<'a>(&self, found: &'a Found, sibling: &FoundHost, own: &Place) -> Vec<Place<'a>> {
        let file = sibling.entry.as_ref().map(|entry| &entry.file);
        let others = found.hosts.iter().filter(|host| host.name != sibling.name);
        let places = others.filter_map(|host| {
            let entry = host.entry.as_ref()?;
            let is_here = entry.kind == EntryKind::Data && Some(&entry.file) == file;
            self.place(host, entry).ok().filter(|_| is_here)
        });
        places
            .filter(|place| place.above() == own.above())
            .collect()
    }

    /// What is named like the new host and is not among the flake's.
    fn refuse_known(&self, name: &str, own: &Place) -> Result<(), Diagnostic> {
        let inside = own.name.as_deref().unwrap_or_default();
        let is_its = |step: &Segment| {
            let path = [own.above(), std::slice::from_ref(step), inside].concat();
            *step == Segment::Key(name.to_owned())
                || at(&self.value, &path).is_some_and(|text| text == name)
        };
        let entries = self.data.entries(own.above());
        let Some(step) = entries.into_keys().find(is_its) else {
            return Ok(());
        };
        let path = [own.above(), &[step]].concat();
        let range = self.data.range(&path).unwrap_or_default();
        Err(refuse::known(&self.source, range, name))
    }

    /// The entry behind which the new one goes: in order if the hosts are in order of
    /// their names, else behind the last.
    fn place_of_new(&self, own: &Place, others: &[Place], name: &str) -> Vec<Segment> {
        let entries = self.data.entries(own.above());
        let entry_of = |place: &Place| entries.get(place.path.last()?);
        let form = entry_of(own).map(|entry| entry.form);
        let all = std::iter::once(own).chain(others);
        let alike = all.filter_map(|place| {
            let entry = entry_of(place).filter(|entry| Some(entry.form) == form)?;
            Some((entry.start, place))
        });
        let mut all: Vec<(usize, &Place)> = alike.collect();
        all.sort_by_key(|(start, _)| *start);
        let is_sorted = all.len() > 2 && all.windows(2).all(|two| two[0].1.host <= two[1].1.host);
        let before = all
            .iter()
            .rfind(|(_, place)| is_sorted && place.host < name);
        let place = before.or(all.last()).map_or(own, |(_, place)| place);
        place.path.clone()
    }

    /// A form that cannot be edited.
    fn form(&self, own: &Place, new: &NewEntry, snippet: Option<&str>) -> Diagnostic {
        let range = self.data.range(&own.path).unwrap_or_default();
        let renamed = || renamed_path(&self.data.text()[range.clone()], own.host, &new.name);
        let snippet = snippet.map_or_else(renamed, str::to_owned);
        refuse::form(&self.source, range.clone(), new, &snippet)
    }

    fn needs(
        &self,
        own: &Place,
        new: &NewEntry,
        needed: &[Vec<Segment>],
        snippet: &str,
    ) -> Diagnostic {
        let name = |part: &Vec<Segment>| {
            let keys = part.iter().filter_map(|step| match step {
                Segment::Key(name) => Some(name.as_str()),
                Segment::Index(_) => None,
            });
            format!("`{}`", keys.collect::<Vec<_>>().join("."))
        };
        let names: Vec<String> = needed.iter().map(name).collect();
        let first = needed
            .first()
            .map(|part| [&own.path, part.as_slice()].concat());
        let range = first
            .and_then(|part| self.data.range(&part))
            .unwrap_or_default();
        refuse::needs(&self.source, range, new, &names.join(", "), snippet)
    }

    fn stays(&self, own: &Place) -> Diagnostic {
        let range = self.data.range(&own.path).unwrap_or_default();
        refuse::stays(&self.source, range, own.host)
    }
}
