//! The file in which hosts are listed, and the entry of each.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use serde_json::Value;

use crate::data::{Data, Segment, StringRef, at};
use crate::diagnostic::{Diagnostic, Source};
use crate::flake::discovery::{Discovery, EntryKind, FlakeEntry, FoundHost};
use crate::flake::entry::data::by_hand;
use crate::flake::entry::order::predecessor;
use crate::repo::{Repo, RepoPath};

/// The file in which hosts are listed.
pub(super) struct Listing {
    pub(super) data: Data,
    pub(super) value: Value,
    strings: HashMap<Range<usize>, StringRef>,
    pub(super) source: Source,
}

/// The entry of one host in it.
pub(super) struct DataEntry<'a> {
    pub(super) host: &'a str,
    /// The path of the item or the member.
    pub(super) path: Vec<Segment>,
    /// Where in it the name is, if there is one.
    pub(super) name: Option<Vec<Segment>>,
}

impl DataEntry<'_> {
    /// The path of the table or list that it is in.
    fn above(&self) -> &[Segment] {
        self.path.split_last().map_or(&[], |(_, above)| above)
    }

    /// True if it is a member that is named after the host.
    pub(super) fn is_member(&self) -> bool {
        matches!(self.path.last(), Some(Segment::Key(_)))
    }
}

/// How long the entries of hosts are, by name; the shorter, the less is the host's own.
pub(in crate::flake::entry) fn sizes<'a>(
    repo: &Repo,
    found: &'a Discovery,
) -> BTreeMap<&'a str, usize> {
    let mut listings: BTreeMap<&RepoPath, Option<Listing>> = BTreeMap::new();
    let sizes = found.hosts.iter().filter_map(|host| {
        let entry = host
            .entry
            .as_ref()
            .filter(|entry| entry.kind == EntryKind::Data)?;
        let listing = listings.entry(&entry.file);
        let listing = listing.or_insert_with(|| Listing::read(repo, entry).ok());
        let listing = listing.as_ref()?;
        let own = listing.entry_of(host, entry).ok()?;
        let value = at(&listing.value, &own.path)?;
        Some((host.name.as_str(), value.to_string().len()))
    });
    sizes.collect()
}

impl Listing {
    pub(super) fn read(repo: &Repo, entry: &FlakeEntry) -> Result<Self, Diagnostic> {
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
            strings: data.strings(),
            data,
            source,
        })
    }

    /// The entry of a host: the nearest item of a list around its name, or the member
    /// that is named after it.
    pub(super) fn entry_of<'a>(
        &self,
        host: &'a FoundHost,
        entry: &FlakeEntry,
    ) -> Result<DataEntry<'a>, Diagnostic> {
        let unplaced = || by_hand::unplaced(&self.source, entry.range.clone(), &host.name);
        let string = self.strings.get(&entry.range);
        let (path, inside) = string
            .and_then(|string| self.split(string, &host.name))
            .ok_or_else(unplaced)?;
        Ok(DataEntry {
            host: &host.name,
            path: path.to_vec(),
            name: (!inside.is_empty()).then(|| inside.to_vec()),
        })
    }

    /// The path of the entry that a name is in, and the rest of the path to the name.
    fn split<'p>(
        &self,
        string: &'p StringRef,
        name: &str,
    ) -> Option<(&'p [Segment], &'p [Segment])> {
        let path = &string.path;
        let is_key = |segment: &Segment| segment.is_key(name);
        if string.is_key {
            return path.last().is_some_and(is_key).then_some((path, &[]));
        }
        let is_index = |segment: &Segment| matches!(segment, Segment::Index(_));
        let last = path.iter().rposition(is_index);
        let last = last.or(path.iter().rposition(is_key))?;
        let is_its = at(&self.value, path).is_some_and(|text| text == name);
        is_its.then(|| path.split_at(last + 1))
    }

    /// The text around a name of which it cannot be seen what the host's entry is, from
    /// behind its key if it has one: two entries cannot have the same key.
    pub(super) fn around(&self, entry: &FlakeEntry) -> Option<(bool, &str)> {
        let (_, above) = self.strings.get(&entry.range)?.path.split_last()?;
        let range = self.data.range(above)?;
        let key = self.data.key_range(above);
        let key = key.filter(|key| key.start == range.start);
        let start = key.as_ref().map_or(range.start, |key| key.end);
        Some((key.is_some(), self.data.text().get(start..range.end)?))
    }

    /// The bytes of an entry.
    pub(super) fn range(&self, entry: &DataEntry) -> Range<usize> {
        self.data.range(&entry.path).unwrap_or_default()
    }

    /// The entries of the other hosts in the same table or list.
    pub(super) fn others<'a>(
        &self,
        found: &'a Discovery,
        sibling: &FoundHost,
        own: &DataEntry,
    ) -> Vec<DataEntry<'a>> {
        let file = sibling.entry.as_ref().map(|entry| &entry.file);
        let others = found.hosts.iter().filter(|host| host.name != sibling.name);
        let entries = others.filter_map(|host| {
            let entry = host.entry.as_ref()?;
            let is_here = entry.kind == EntryKind::Data && Some(&entry.file) == file;
            self.entry_of(host, entry).ok().filter(|_| is_here)
        });
        entries
            .filter(|entry| entry.above() == own.above())
            .collect()
    }

    /// The bytes of an entry beside this one that has the name, whether the flake makes
    /// a host of it or not.
    pub(super) fn named(&self, name: &str, own: &DataEntry) -> Option<Range<usize>> {
        let inside = own.name.as_deref().unwrap_or_default();
        let is_its = |segment: &Segment| {
            let path = [own.above(), std::slice::from_ref(segment), inside].concat();
            segment.is_key(name) || at(&self.value, &path).is_some_and(|text| text == name)
        };
        let entries = self.data.entries(own.above());
        let segment = entries.into_keys().find(is_its)?;
        let path = [own.above(), &[segment]].concat();
        Some(self.data.range(&path).unwrap_or_default())
    }

    /// The path of the entry behind which the new one goes, among those of one form.
    pub(super) fn place_of_new(
        &self,
        own: &DataEntry,
        others: &[DataEntry],
        name: &str,
    ) -> Vec<Segment> {
        let placements = self.data.entries(own.above());
        let placement = |entry: &DataEntry| placements.get(entry.path.last()?);
        let form = placement(own).map(|placement| placement.form);
        let all = std::iter::once(own).chain(others);
        let alike = all.filter_map(|entry| {
            let placement = placement(entry).filter(|one| Some(one.form) == form)?;
            Some((placement.start, entry))
        });
        let mut alike: Vec<(usize, &DataEntry)> = alike.collect();
        alike.sort_by_key(|(start, _)| *start);
        let named = alike.into_iter().map(|(_, entry)| (entry.host, entry));
        let before = predecessor(named.collect(), name);
        before.unwrap_or(own).path.clone()
    }
}
