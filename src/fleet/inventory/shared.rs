//! What the tables of caches of both kinds have: their clients, and who writes their wiring.

use std::collections::BTreeMap;
use std::ops::Range;

use super::refusals::did_you_mean;
use super::section::{Named, Section};
use crate::fleet::format::{Key, cache};
use crate::fleet::{Host, HostName, Selector, Tag, Wiring, nearest};

pub(super) type Hosts = BTreeMap<HostName, Host>;

pub(super) fn selectors(section: &mut Section<'_, '_>, key: &Key, hosts: &Hosts) -> Vec<Selector> {
    let written = section.texts::<Selector>(key);
    for (selector, at) in &written {
        match selector {
            Selector::All => {}
            Selector::Host(name) if hosts.contains_key(name) => {}
            Selector::Host(name) => refuse_host(section, name, at.clone(), hosts),
            Selector::Tag(tag) => check_tag(section, tag, at.clone(), hosts),
        }
    }
    written.into_iter().map(|(selector, _)| selector).collect()
}

fn check_tag(section: &mut Section<'_, '_>, tag: &Tag, at: Range<usize>, hosts: &Hosts) {
    let mut tags = hosts.values().flat_map(|host| &host.tags);
    if tags.any(|one| one == tag) {
        return;
    }
    let message = format!("no host has the tag `{tag}`");
    let known = hosts.values().flat_map(|host| &host.tags).map(Tag::as_str);
    let help = match nearest(tag, known.chain(["all"])) {
        Some(near) => did_you_mean(&format!("@{near}")),
        None => format!("write `tags = [\"{tag}\"]` at the hosts that are meant"),
    };
    section.refuse_reference(at, "inventory-unknown-tag", message, help);
}

fn refuse_host(section: &mut Section<'_, '_>, name: &str, at: Range<usize>, hosts: &Hosts) {
    let name = name.escape_debug().to_string();
    let help = match nearest(&name, hosts.keys().map(HostName::as_str)) {
        Some(near) => did_you_mean(near),
        None => format!("write `[hosts.{name}]` if there is such a machine"),
    };
    let message = format!("there is no host `{name}`");
    section.refuse_reference(at, "inventory-unknown-host", message, help);
}

/// The host that a table's name means; `None`, and said, if there is none.
pub(super) fn known_host(
    section: &mut Section<'_, '_>,
    named: &Named<'_>,
    hosts: &Hosts,
) -> Option<HostName> {
    if let Some((name, _)) = hosts.get_key_value(named.name) {
        return Some(name.clone());
    }
    refuse_host(section, named.name, named.name_at.clone(), hosts);
    None
}

pub(super) fn wiring(section: &mut Section<'_, '_>) -> Wiring {
    match section.word(&cache::WIRING, &["owned", "adopted"]) {
        Some("adopted") => Wiring::Adopted,
        _ => Wiring::Owned,
    }
}
