//! The hosts of which a new one may be made.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rnix::ast;
use rowan::ast::AstNode;

use crate::diagnostic::Diagnostic;
use crate::flake::discovery::{Discovery, EntryKind, FoundHost};
use crate::flake::entry::entry_text::EntryText;
use crate::flake::entry::module_path::ModulePaths;
use crate::flake::entry::request::NewEntry;
use crate::flake::entry::siblings::{Siblings, node};
use crate::flake::entry::{data, module_path, own_file};
use crate::repo::Repo;

/// How many are tried.
const TRIED: usize = 4;

/// How many are compared, of the best that a look at each shows.
const COMPARED: usize = 50;

/// The hosts of which the new one may be made, best first.
pub(super) fn best_first<'a>(
    repo: &Repo,
    found: &'a Discovery,
    new: &NewEntry,
) -> Result<Vec<&'a FoundHost>, Diagnostic> {
    if let Some(name) = &new.like {
        return Ok(vec![found.require_host(name)?]);
    }
    let mut groups: BTreeMap<(EntryKind, &str), usize> = BTreeMap::new();
    for host in &found.hosts {
        *groups.entry(group(host)).or_default() += 1;
    }
    let hosts = found.hosts.iter().filter(|host| is_usable(repo, host));
    let mut hosts: Vec<&FoundHost> = hosts.collect();
    leave_out_other_kinds(&mut hosts, new);
    let sizes = data::sizes(repo, found);
    let modules = ModulePaths::of(found);
    let first_look = |host: &FoundHost| {
        let has_other_system = new.system.is_some() && host.system != new.system;
        let module = module_path::like(repo, &modules, host, &new.name);
        let module = module.map(|path| repo.shown(&path));
        let is_unsure = host.confirm || host.module.is_none();
        let count = groups.get(&group(host)).copied().unwrap_or_default();
        (
            has_other_system,
            is_unsure,
            module != Some(new.module.clone()),
            Reverse(count),
        )
    };
    hosts.sort_by_cached_key(|host| {
        let size = host.entry.as_ref().map_or(0, |entry| entry.range.len());
        let size = sizes.get(&*host.name).copied().unwrap_or(size);
        (first_look(host), size, &host.name)
    });
    hosts.truncate(COMPARED);
    let typical = typicality(repo, found, &hosts);
    let second_look = |host: &FoundHost| typical.get(&*host.name).copied().unwrap_or(isize::MIN);
    // What was best before stays so among equals.
    hosts.sort_by_cached_key(|host| (first_look(host), Reverse(second_look(host))));
    hosts.truncate(TRIED);
    Ok(hosts)
}

/// A host of another platform that is made in another way shows nothing, where one of the
/// platform shows how: what builds a Raspberry Pi builds no desktop.
fn leave_out_other_kinds(hosts: &mut Vec<&FoundHost>, new: &NewEntry) {
    let is_of_system = |host: &FoundHost| host.system.is_some() && host.system == new.system;
    let kinds: Vec<_> = hosts
        .iter()
        .copied()
        .filter(|host| is_of_system(host))
        .map(group)
        .collect();
    if kinds.is_empty() {
        return;
    }
    hosts.retain(|host| {
        host.system.is_none() || host.system == new.system || kinds.contains(&group(host))
    });
}

/// How much each host has that most others have as well, less what it alone has.
fn typicality<'a>(
    repo: &Repo,
    found: &Discovery,
    hosts: &[&'a FoundHost],
) -> BTreeMap<&'a str, isize> {
    let Some(all) = hosts.first().map(|host| around(repo, found, host)) else {
        return BTreeMap::new();
    };
    let names: BTreeMap<&str, &str> = hosts
        .iter()
        .map(|host| (&*host.name, &*host.name))
        .collect();
    let entries = all.others.iter().chain([&all.own]);
    let entries: Vec<&EntryText> = entries
        .filter(|entry| names.contains_key(&*entry.host))
        .collect();
    let mut counts: BTreeMap<(&[String], &String), usize> = BTreeMap::new();
    for fact in entries.iter().flat_map(|entry| facts(entry)) {
        *counts.entry(fact).or_default() += 1;
    }
    let score = |entry: &EntryText| {
        let scores = facts(entry).map(|fact| match counts[&fact] {
            1 => -1,
            count if count * 2 > entries.len() => 1,
            _ => 0,
        });
        scores.sum()
    };
    let scores = entries
        .iter()
        .filter_map(|entry| Some((*names.get(&*entry.host)?, score(entry))));
    scores.collect()
}

/// The entries beside that of a host, or the files like its own.
fn around<'a>(repo: &'a Repo, found: &'a Discovery, host: &'a FoundHost) -> Siblings<'a> {
    let file = own_file::of(repo, found, host);
    let nix = file.as_ref().and_then(|file| repo.nix(file)?.ok());
    match file.zip(nix) {
        Some((file, nix)) => own_file::siblings(repo, found, host, (&file, &nix), own_file::of),
        None => Siblings::of(repo, found, host),
    }
}

/// The values of an entry with their positions, and the items of its lists.
fn facts(entry: &EntryText) -> impl Iterator<Item = (&[String], &String)> {
    let read = entry.read();
    let values = read
        .values
        .iter()
        .map(|(position, value)| (position.as_slice(), value));
    values.chain(read.items.iter().map(|item| ([].as_slice(), item)))
}

fn group(host: &FoundHost) -> (EntryKind, &'static str) {
    let entry = host.entry.as_ref();
    (
        entry.map_or(EntryKind::Data, |entry| entry.kind),
        host.shape,
    )
}

/// A host that is made by `inherit` or by nothing that can be found shows nothing.
fn is_usable(repo: &Repo, host: &FoundHost) -> bool {
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
