//! `[caches.NAME]`, and whether those that it names are there.

use std::collections::BTreeMap;
use std::ops::Range;

use super::engine::{self, Served};
use super::host::identity;
use super::pair::Keys;
use super::refusals::did_you_mean;
use super::section::{Named, Section};
use crate::fleet::format::{Key, cache, host, top};
use crate::fleet::{
    Cache, Host, HostName, Identity, LinkOverride, Selector, SigningKey, SshdOwner, Tag, Wiring,
    nearest,
};
use crate::key::SigningPublicKey;

type Hosts = BTreeMap<HostName, Host>;

pub(super) fn read_all(top: &mut Section<'_, '_>, hosts: &Hosts) -> BTreeMap<HostName, Cache> {
    let mut caches: BTreeMap<HostName, Cache> = BTreeMap::new();
    for named in top.named(&top::CACHES) {
        let known = known_host(top, &named, hosts);
        refuse_other_systems(top, &named, known.as_ref().and_then(|name| hosts.get(name)));
        let Some(mut section) = top.open(&top::CACHES, &named) else {
            continue;
        };
        // A cache whose host is wrong is still read: for its other mistakes.
        let name = known.clone().unwrap_or_else(placeholder);
        let cache = read(name, &mut section, hosts);
        engine::refuse_repeated_port(&mut section, &cache, caches.values());
        engine::refuse_clients_without_nixos(&mut section, &cache, hosts);
        caches.extend(known.map(|name| (name, cache)));
    }
    caches
}

/// What serves a cache is NixOS.
fn refuse_other_systems(top: &mut Section<'_, '_>, named: &Named<'_>, host: Option<&Host>) {
    let Some(host) = host.filter(|host| !host.nixos) else {
        return;
    };
    let name = &host.name;
    let message = format!(
        "`{name}` cannot serve a cache: `nixos = false` says that the flake does not define it"
    );
    let help = format!("name a NixOS host, or take `nixos = false` out of `[hosts.{name}]`");
    top.refuse_reference(named.name_at.clone(), "cache-not-nixos", message, help);
}

fn read(name: HostName, section: &mut Section<'_, '_>, hosts: &Hosts) -> Cache {
    section.check_keys(cache::KEYS);
    let (known, next_signing_key) = signing_keys(section);
    let (signing_key_file, next_signing_key_file) = section.files(&cache::SIGNING_KEY_FILE);
    let make_signing_key = section.flag(&cache::MAKE_SIGNING_KEY);
    if make_signing_key == Some(true) {
        for file in [&signing_key_file, &next_signing_key_file] {
            section.refuse_made_secret(&cache::MAKE_SIGNING_KEY, file.as_ref());
        }
    }
    let Served {
        engine,
        former_engine,
        is_called_protocol,
    } = engine::read(section);
    Cache {
        clients: selectors(section, &cache::CLIENTS, hosts),
        except: selectors(section, &cache::EXCEPT, hosts),
        lan: section.flag(&cache::LAN).unwrap_or_default(),
        priority: section.number(&cache::PRIORITY),
        engine,
        former_engine,
        is_called_protocol,
        tunnel_port: engine::tunnel_port(section),
        identity: identity(section, &host::IDENTITY).unwrap_or(Identity::HostKey),
        signing_key: known.map_or(SigningKey::Pending, SigningKey::Known),
        next_signing_key,
        signing_key_file,
        next_signing_key_file,
        make_signing_key,
        sshd: sshd(section),
        wiring: wiring(section),
        link_overrides: link_overrides(section, hosts),
        range: section.place.clone(),
        host: name,
    }
}

fn sshd(section: &mut Section<'_, '_>) -> SshdOwner {
    match section.flag(&cache::ENABLE_SSHD) {
        Some(true) => SshdOwner::Wiring,
        Some(false) => SshdOwner::Elsewhere,
        None => SshdOwner::Unsaid,
    }
}

fn wiring(section: &mut Section<'_, '_>) -> Wiring {
    match section.word(&cache::WIRING, &["owned", "adopted"]) {
        Some("adopted") => Wiring::Adopted,
        _ => Wiring::Owned,
    }
}

/// Of two keys with one name Nix sees the first only, so the new one has another.
fn signing_keys(section: &mut Section<'_, '_>) -> Keys<SigningPublicKey> {
    let key = &cache::SIGNING_KEY;
    let (old, next) = section.keys::<SigningPublicKey>(key, &cache::USE_NEW_SIGNING_KEY, true);
    let new = next.as_ref().and_then(|next| next.key.as_ref());
    if old
        .as_ref()
        .zip(new)
        .is_some_and(|(old, new)| old.name() == new.name())
    {
        section.unusable(
            key,
            &"the two have one name, and Nix would see the first only",
            None,
        );
    }
    (old, next)
}

fn selectors(section: &mut Section<'_, '_>, key: &Key, hosts: &Hosts) -> Vec<Selector> {
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

fn link_overrides(
    section: &mut Section<'_, '_>,
    hosts: &Hosts,
) -> BTreeMap<HostName, LinkOverride> {
    let mut all = BTreeMap::new();
    for named in section.named(&cache::LINK) {
        let client = known_host(section, &named, hosts);
        let Some(mut table) = section.open(&cache::LINK, &named) else {
            continue;
        };
        let own = link_override(&mut table);
        all.extend(client.map(|client| (client, own)));
    }
    all
}

fn link_override(section: &mut Section<'_, '_>) -> LinkOverride {
    section.check_keys(cache::LINK_KEYS);
    LinkOverride {
        address: section.parsed(&host::ADDRESS),
        port: section.number(&host::PORT),
        proxy_jump: section.parsed(&host::PROXY_JUMP),
        lan: section.flag(&cache::LAN),
        priority: section.number(&cache::PRIORITY),
    }
}

/// The host that a table's name means; `None`, and said, if there is none.
fn known_host(section: &mut Section<'_, '_>, named: &Named<'_>, hosts: &Hosts) -> Option<HostName> {
    if let Some((name, _)) = hosts.get_key_value(named.name) {
        return Some(name.clone());
    }
    refuse_host(section, named.name, named.name_at.clone(), hosts);
    None
}

fn placeholder() -> HostName {
    "unknown".parse().expect("a word of letters is a host name")
}
