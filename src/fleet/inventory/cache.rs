//! `[caches.NAME]`, and whether those that it names are there.

use std::collections::BTreeMap;

use super::engine::{self, Served};
use super::external_cache;
use super::host::identity;
use super::pair::Keys;
use super::refusals::{OtherKind, did_you_mean};
use super::section::{Named, Section};
use super::shared::{Hosts, known_host, selectors, wiring};
use crate::fleet::format::{cache, external_cache as external, host, top};
use crate::fleet::{
    Cache, ExternalCache, Host, HostName, Identity, LinkOverride, SigningKey, SshdOwner, nearest,
};
use crate::key::SigningPublicKey;

const OF_EXTERNAL: OtherKind<'_> = OtherKind {
    keys: external::KEYS,
    whose: "a cache that exists elsewhere",
    help: "such a cache has a `url`, and a name that no host has",
};

/// The caches that hosts serve, and those that exist elsewhere.
pub(super) type Caches = (BTreeMap<HostName, Cache>, BTreeMap<HostName, ExternalCache>);

pub(super) fn read_all(top: &mut Section<'_, '_>, hosts: &Hosts) -> Caches {
    let mut caches: BTreeMap<HostName, Cache> = BTreeMap::new();
    let mut elsewhere = BTreeMap::new();
    for named in top.named(&top::CACHES) {
        let is_external = named.item.as_table_like();
        let is_external = is_external.is_some_and(|table| table.contains_key(external::URL.name));
        let known = if is_external {
            external_cache::name(top, &named, hosts)
        } else {
            let known = serving_host(top, &named, hosts);
            refuse_other_systems(top, &named, known.as_ref().and_then(|name| hosts.get(name)));
            known
        };
        let Some(mut section) = top.open(&top::CACHES, &named) else {
            continue;
        };
        if is_external {
            let name = known.clone().unwrap_or_else(placeholder);
            let cache = external_cache::read(name, &mut section, hosts);
            elsewhere.extend(known.zip(cache));
            continue;
        }
        // A cache whose host is wrong is still read: for its other mistakes.
        let name = known.clone().unwrap_or_else(placeholder);
        let cache = read(name, &mut section, hosts);
        engine::refuse_repeated_port(&mut section, &cache, caches.values());
        engine::refuse_clients_without_nixos(&mut section, &cache, hosts);
        caches.extend(known.map(|name| (name, cache)));
    }
    (caches, elsewhere)
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
    section.check_keys_of_kind(cache::KEYS, &OF_EXTERNAL);
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

/// The host that serves a cache; `None`, and said, if there is none.
fn serving_host(top: &mut Section<'_, '_>, named: &Named<'_>, hosts: &Hosts) -> Option<HostName> {
    if let Some((name, _)) = hosts.get_key_value(named.name) {
        return Some(name.clone());
    }
    let name = named.name.escape_debug().to_string();
    let help = match nearest(&name, hosts.keys().map(HostName::as_str)) {
        Some(near) => did_you_mean(near),
        None => format!("write `[hosts.{name}]` if there is such a machine"),
    };
    let elsewhere = format!(
        "if the cache exists elsewhere, write `{}`",
        external::URL.line()
    );
    let message = format!("there is no host `{name}`");
    let at = named.name_at.clone();
    top.refuse_with(at, "inventory-unknown-host", message, vec![help, elsewhere]);
    None
}

fn placeholder() -> HostName {
    "unknown".parse().expect("a word of letters is a host name")
}
