//! A host and the hosts that are made in the same place.

use std::collections::BTreeMap;
use std::ops::Range;

use rnix::SyntaxNode;

use crate::flake::discovery::{Discovery, FlakeEntry, FoundHost};
use crate::flake::entry::order::predecessor;
use crate::nix::range_of;
use crate::repo::Repo;

/// A host and those whose entries are beside its own.
pub(super) struct Siblings<'a> {
    pub(super) repo: &'a Repo,
    pub(super) host: &'a FoundHost,
    /// The host's own entry.
    pub(super) node: Option<SyntaxNode>,
    /// The other entries, each with its host's name.
    pub(super) others: Vec<(String, SyntaxNode)>,
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
                let theirs = other
                    .entry
                    .as_ref()
                    .filter(|theirs| entry.is_some_and(|e| e.file == theirs.file))?;
                Some((other.name.clone(), beside.get(&key(&theirs.range))?.clone()))
            });
        let others = others.collect();
        Self {
            repo,
            host,
            node,
            others,
        }
    }

    /// The bytes of the entry behind which a new one goes.
    pub(super) fn place_of_new(&self, name: &str) -> Range<usize> {
        let own = self.node.iter().map(|node| (&*self.host.name, node));
        let others = self.others.iter().map(|(name, node)| (&**name, node));
        let entries = own.chain(others);
        let mut entries: Vec<(&str, Range<usize>)> =
            entries.map(|(name, node)| (name, range_of(node))).collect();
        entries.sort_by_key(|(_, range)| range.start);
        predecessor(entries, name).unwrap_or_default()
    }
}

/// The node of an entry in its file.
pub(super) fn node(repo: &Repo, entry: &FlakeEntry) -> Option<SyntaxNode> {
    repo.nix(&entry.file)?.ok()?.node_at(&entry.range)
}

fn key(range: &Range<usize>) -> (usize, usize) {
    (range.start, range.end)
}
