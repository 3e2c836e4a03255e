//! A host and the hosts that are made in the same place.

use std::collections::BTreeMap;
use std::ops::Range;

use rnix::SyntaxNode;

use crate::flake::discovery::{Discovery, FlakeEntry, FoundHost};
use crate::flake::entry::entry_text::{EntryText, parts};
use crate::flake::entry::naming::module_name;
use crate::flake::entry::order::predecessor;
use crate::nix::range_of;
use crate::repo::Repo;

/// A host and those whose entries are beside its own.
pub(super) struct Siblings<'a> {
    pub(super) repo: &'a Repo,
    pub(super) host: &'a FoundHost,
    /// The host's own entry.
    pub(super) own: EntryText,
    /// The other entries.
    pub(super) others: Vec<EntryText>,
}

impl<'a> Siblings<'a> {
    pub(super) fn of(repo: &'a Repo, found: &'a Discovery, host: &'a FoundHost) -> Self {
        let entry = host.entry.as_ref();
        let node = entry.and_then(|entry| node(repo, entry));
        let container = node.as_ref().and_then(SyntaxNode::parent);
        let beside: BTreeMap<(usize, usize), SyntaxNode> = container
            .iter()
            .flat_map(SyntaxNode::children)
            .map(|child| (key(&range_of(&child)), child))
            .collect();
        let others = found
            .hosts
            .iter()
            .filter(|other| other.name != host.name)
            .filter_map(|other| {
                let theirs = other.entry.as_ref();
                let theirs =
                    theirs.filter(|theirs| entry.is_some_and(|e| e.file == theirs.file))?;
                Some(text_of(other, beside.get(&key(&theirs.range))?))
            });
        let others = others.collect();
        let own = match &node {
            Some(node) => text_of(host, node),
            None => EntryText::new(&host.name, None, &found.flake, Vec::new()),
        };
        Self {
            repo,
            host,
            own,
            others,
        }
    }

    /// A host whose entry is a file, and those whose entries are files like it.
    pub(super) fn in_files(
        repo: &'a Repo,
        host: &'a FoundHost,
        own: EntryText,
        others: Vec<EntryText>,
    ) -> Self {
        Self {
            repo,
            host,
            own,
            others,
        }
    }

    /// The bytes of the entry behind which a new one goes.
    pub(super) fn place_of_new(&self, name: &str) -> Range<usize> {
        let entries = self.others.iter().chain([&self.own]);
        let mut entries: Vec<(&str, Range<usize>)> = entries
            .filter_map(|entry| Some((&*entry.host, range_of(entry.nodes.last()?))))
            .collect();
        entries.sort_by_key(|(_, range)| range.start);
        predecessor(entries, name).unwrap_or_default()
    }
}

fn text_of(host: &FoundHost, node: &SyntaxNode) -> EntryText {
    let file = host.entry.as_ref().map(|entry| entry.file.clone());
    let alias = module_name(host).map(str::to_owned);
    let file = file.unwrap_or_default();
    EntryText::new(&host.name, alias, &file, parts(node, &host.name))
}

/// The node of an entry in its file.
pub(super) fn node(repo: &Repo, entry: &FlakeEntry) -> Option<SyntaxNode> {
    repo.nix(&entry.file)?.ok()?.node_at(&entry.range)
}

fn key(range: &Range<usize>) -> (usize, usize) {
    (range.start, range.end)
}
