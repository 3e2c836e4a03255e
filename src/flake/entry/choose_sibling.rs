//! The hosts of which a new one may be made.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use rnix::ast;
use rowan::ast::AstNode;

use crate::diagnostic::Diagnostic;
use crate::flake::discovery::{Discovery, EntryKind, FoundHost};
use crate::flake::entry::request::NewEntry;
use crate::flake::entry::siblings::node;
use crate::flake::entry::{data, module_path};
use crate::repo::Repo;

/// How many are tried.
const TRIED: usize = 4;

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
    let sizes = data::sizes(repo, found);
    hosts.sort_by_cached_key(|host| {
        let has_other_system = new.system.is_some() && host.system != new.system;
        let module = module_path::like(repo, host, &new.name).map(|path| repo.shown(&path));
        let count = groups.get(&group(host)).copied().unwrap_or_default();
        let size = host.entry.as_ref().map_or(0, |entry| entry.range.len());
        let size = sizes.get(&*host.name).copied().unwrap_or(size);
        (
            has_other_system,
            host.confirm || host.module.is_none(),
            module != Some(new.module.clone()),
            Reverse(count),
            size,
            &host.name,
        )
    });
    hosts.truncate(TRIED);
    Ok(hosts)
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
