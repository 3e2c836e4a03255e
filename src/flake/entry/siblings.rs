//! The hosts that are made in the same place, and what they have in common.

use std::collections::BTreeMap;
use std::ops::Range;

use rnix::{SyntaxNode, ast};
use rowan::ast::AstNode;

use crate::diagnostic::Diagnostic;
use crate::flake::entry::{NewEntry, data};
use crate::flake::found::{Entry, EntryKind, Found, FoundHost};
use crate::nix::range_of;
use crate::repo::Repo;

/// A host and those whose entries stand beside its own.
pub(super) struct Family<'a> {
    pub(super) repo: &'a Repo,
    pub(super) host: &'a FoundHost,
    /// The host's own entry.
    pub(super) node: Option<SyntaxNode>,
    /// The other entries, each with its host's name.
    pub(super) others: Vec<(String, SyntaxNode)>,
}

impl<'a> Family<'a> {
    pub(super) fn of(repo: &'a Repo, found: &'a Found, host: &'a FoundHost) -> Self {
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
}

fn node(repo: &Repo, entry: &Entry) -> Option<SyntaxNode> {
    repo.nix(&entry.file)?.ok()?.node_at(&entry.range)
}

fn key(range: &Range<usize>) -> (usize, usize) {
    (range.start, range.end)
}

/// The hosts of which a new one may be made, best first.
pub(super) fn siblings<'a>(
    repo: &Repo,
    found: &'a Found,
    new: &NewEntry,
) -> Result<Vec<&'a FoundHost>, Diagnostic> {
    if let Some(name) = &new.like {
        return Ok(vec![found.require_host(name)?]);
    }
    let mut groups: BTreeMap<(EntryKind, &str), usize> = BTreeMap::new();
    for host in &found.hosts {
        *groups.entry(group(host)).or_default() += 1;
    }
    let mut hosts: Vec<&FoundHost> = found
        .hosts
        .iter()
        .filter(|host| usable(repo, host))
        .collect();
    let sizes = data::sizes(repo, found);
    hosts.sort_by_cached_key(|host| {
        let other_system = new.system.is_some() && host.system != new.system;
        let elsewhere = super::path::like(repo, host, &new.name).map(|path| repo.shown(&path))
            != Some(new.module.clone());
        let count = groups.get(&group(host)).copied().unwrap_or_default();
        let size = host.entry.as_ref().map_or(0, |entry| entry.range.len());
        let size = sizes.get(&*host.name).copied().unwrap_or(size);
        (
            other_system,
            host.confirm || host.module.is_none(),
            elsewhere,
            std::cmp::Reverse(count),
            size,
            &host.name,
        )
    });
    hosts.truncate(4);
    Ok(hosts)
}

fn group(host: &FoundHost) -> (EntryKind, &'static str) {
    (
        host.entry
            .as_ref()
            .map_or(EntryKind::Data, |entry| entry.kind),
        host.shape,
    )
}

/// A host that is made by `inherit` or by nothing that can be found shows nothing.
fn usable(repo: &Repo, host: &FoundHost) -> bool {
    let Some(entry) = &host.entry else {
        return false;
    };
    match entry.kind {
        EntryKind::Binding => {
            node(repo, entry).is_some_and(|node| ast::AttrpathValue::can_cast(node.kind()))
        }
        _ => true,
    }
}

/// The entry behind which the new one goes: in order if the entries are in order
/// of their names, else behind the last.
pub(super) fn place(family: &Family, name: &str) -> Range<usize> {
    let own = family
        .node
        .iter()
        .map(|node| (family.host.name.as_str(), range_of(node)));
    let others = family
        .others
        .iter()
        .map(|(name, node)| (name.as_str(), range_of(node)));
    let mut beside: Vec<(&str, Range<usize>)> = own.chain(others).collect();
    beside.sort_by_key(|(_, range)| range.start);
    let sorted = beside.len() > 2 && beside.windows(2).all(|two| two[0].0 <= two[1].0);
    let before = beside.iter().rev().find(|(other, _)| *other < name);
    let last = beside.last();
    let chosen = if sorted { before.or(last) } else { last };
    chosen.map_or(0..0, |(_, range)| range.clone())
}
