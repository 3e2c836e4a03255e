//! `keys.nix`: every public key of the fleet, by name.

use std::fmt::Display;

use super::modules::{Rendering, owned_caches, owned_external_caches};
use crate::fleet::{Cache, ExternalCache, Fleet, Hop, Host, HostName, Identity, Successor};
use crate::nix::Literal;
use crate::nix::template::Value;

const KEYS: &str = include_str!("../../templates/keys.nix");

/// Adds the file; a fleet without caches of ours has none.
pub(super) fn add(fleet: &Fleet, modules: &mut Rendering<'_>) {
    if owned_caches(fleet).next().is_none() && owned_external_caches(fleet).next().is_none() {
        return;
    }
    let hosts = fleet.hosts.values();
    let of_hosts = hosts.clone().flat_map(|host| {
        named(
            &host.name,
            host.host_key.as_ref(),
            next_of(host.next_host_key.as_ref()),
        )
    });
    let of_jump_hosts = fleet.jump_hosts.values();
    let of_jump_hosts = of_jump_hosts.map(|jump_host| {
        let key = Literal::string(&jump_host.host_key.to_string());
        (jump_host.address.to_string(), key)
    });
    let identities = hosts.flat_map(|host| dedicated(&host.name, host.identity.as_ref()));
    let shared =
        owned_caches(fleet).flat_map(|cache| dedicated(&cache.host, Some(&cache.identity)));
    let signing = owned_caches(fleet).flat_map(|cache| {
        let next = next_of(cache.next_signing_key.as_ref());
        named(&cache.host, cache.signing_key.known(), next)
    });
    let external = owned_external_caches(fleet).flat_map(named_external);
    let mut signing: Vec<(String, Literal)> = signing.chain(external).collect();
    signing.sort_by(|one, other| one.0.cmp(&other.0));
    let values = [
        ("hosts", set(of_hosts.chain(of_jump_hosts))),
        ("identities", set(identities)),
        ("shared", set(shared)),
        ("signing", set(signing.into_iter())),
    ];
    modules.add("keys.nix", KEYS, &values);
}

/// Where `keys.nix` has the SSH host keys of the machine that serves a cache.
pub(super) fn host_keys(cache: &Cache, server: &Host) -> Vec<Literal> {
    let (old, new) = (
        server.host_key.is_some(),
        has_next(server.next_host_key.as_ref()),
    );
    references("hosts", &cache.host, old, new)
}

/// The names under which it has the SSH host keys of a hop; none while they are not known.
pub(super) fn of_hop(fleet: &Fleet, hop: &Hop) -> Vec<String> {
    let host = fleet.host_of_hop(hop);
    let names = host.map(|host| {
        let old = host.host_key.as_ref().map(|_| host.name.to_string());
        let new = has_next(host.next_host_key.as_ref()).then(|| next_name(&host.name));
        old.into_iter().chain(new).collect::<Vec<String>>()
    });
    names.filter(|names| !names.is_empty()).unwrap_or_else(|| {
        let own = fleet.jump_hosts.get(&hop.address);
        own.map(|own| own.address.to_string()).into_iter().collect()
    })
}

/// Where it has the keys by which clients know what a cache has built.
pub(super) fn signing(cache: &Cache) -> Vec<Literal> {
    let next = cache.next_signing_key.as_ref();
    let old = cache.signing_key.known();
    let is_old_trusted = old.is_some_and(|old| cache.trusted_keys().contains(&old));
    references("signing", &cache.host, is_old_trusted, has_next(next))
}

/// Where it has the signing keys of a cache elsewhere.
pub(super) fn of_external(cache: &ExternalCache) -> Vec<Literal> {
    let names = named_external(cache).into_iter().map(|(name, _)| name);
    let reference = |name: String| Literal::reference(&["keys", "signing", &name]);
    names.map(reference).collect()
}

/// Several keys have numbers.
fn named_external(cache: &ExternalCache) -> Vec<(String, Literal)> {
    let name = |at: usize| match at {
        0 => cache.name.to_string(),
        at => format!("{} ({})", cache.name, at + 1),
    };
    let keys = cache.signing_keys.iter().enumerate();
    keys.map(|(at, key)| (name(at), Literal::string(&key.to_string())))
        .collect()
}

/// Where it has the keys with which a client logs in at a cache; none while that is not
/// known.
pub(super) fn client(cache: &Cache, client: &Host) -> Vec<Literal> {
    let (identity, own) = match (&client.identity, &cache.identity) {
        (Some(identity @ Identity::File { .. }), _) => (identity, ("identities", &client.name)),
        (None, identity @ Identity::File { .. }) => (identity, ("shared", &cache.host)),
        (_, _) => (&Identity::HostKey, ("hosts", &client.name)),
    };
    let known = identity.public_keys(client).len();
    references(own.0, own.1, known > 0, known > 1)
}

/// The name under which a key stands that takes the place of another.
pub(super) fn next_name(name: &HostName) -> String {
    format!("{name} (new)")
}

fn references(set: &str, name: &HostName, old: bool, new: bool) -> Vec<Literal> {
    let reference = |name: &str| Literal::reference(&["keys", set, name]);
    let old = old.then(|| reference(name));
    let new = new.then(|| reference(&next_name(name)));
    old.into_iter().chain(new).collect()
}

fn next_of<K>(next: Option<&Successor<K>>) -> Option<&K> {
    next?.key.as_ref()
}

fn has_next<K>(next: Option<&Successor<K>>) -> bool {
    next_of(next).is_some()
}

fn dedicated(name: &HostName, identity: Option<&Identity>) -> Vec<(String, Literal)> {
    match identity {
        None | Some(Identity::HostKey) => Vec::new(),
        Some(Identity::File { key, next, .. }) => named(name, key.as_ref(), next_of(next.as_ref())),
    }
}

/// SSH keys without their comments: the name beside a key says whose it is.
fn named<K: Display>(name: &HostName, old: Option<&K>, new: Option<&K>) -> Vec<(String, Literal)> {
    let literal = |key: &K| Literal::string(&key.to_string());
    let old = old.map(|key| (name.to_string(), literal(key)));
    let new = new.map(|key| (next_name(name), literal(key)));
    old.into_iter().chain(new).collect()
}

fn set(keys: impl Iterator<Item = (String, Literal)>) -> Value {
    let keys: Vec<(String, Literal)> = keys.collect();
    let bindings = keys.iter().map(|(name, key)| (name.as_str(), key.clone()));
    Value::Raw(Literal::set(bindings))
}
