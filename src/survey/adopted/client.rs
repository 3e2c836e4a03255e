//! The reading half.

use super::cache::{AdoptedCache, AdoptedClient};
use crate::fleet::SSH_PORT;
use crate::key::SigningPublicKey;
use crate::survey::machine::Machine;
use crate::survey::store_url::StoreUrl;

/// The user that `nix.sshServe` makes.
const USER: &str = "nix-ssh";

/// Adds this machine to the caches that it reads from.
pub(super) fn add(caches: &mut [AdoptedCache], host: &str, machine: &Machine) {
    let stores = machine.substituters().into_iter().filter_map(|s| s.store);
    for store in stores.filter(|store| store.user.as_deref() == Some(USER)) {
        let Some(cache) = serving(caches, &store.host) else {
            continue;
        };
        if cache.host == host || cache.clients.iter().any(|known| known.host == host) {
            continue;
        }
        if store.scheme != cache.protocol {
            cache.unread.push(format!(
                "`{host}` reads by `{}` what `{}` serves by `{}`",
                store.scheme, cache.host, cache.protocol
            ));
        }
        if cache.signing_key.is_none() {
            cache.signing_key = signing_key(machine, &cache.host);
        }
        let client = client(host, machine, &store);
        if client.identity.is_none() {
            cache
                .unread
                .push(format!("with which key `{host}` logs in"));
        }
        cache.clients.push(client);
    }
}

/// The cache that an address means: the one of that name, else the only one.
fn serving<'c>(caches: &'c mut [AdoptedCache], address: &str) -> Option<&'c mut AdoptedCache> {
    let first = address.split('.').next().unwrap_or_default();
    let named = |cache: &AdoptedCache| {
        cache.host.eq_ignore_ascii_case(address) || cache.host.eq_ignore_ascii_case(first)
    };
    match caches.iter().position(named) {
        Some(at) => caches.get_mut(at),
        None if caches.len() == 1 => caches.first_mut(),
        None => None,
    }
}

fn client(host: &str, machine: &Machine, store: &StoreUrl) -> AdoptedClient {
    let from_block = |keyword: &str| {
        let blocks = machine.ssh_blocks().into_iter();
        let mut ours = blocks.filter(|b| b.block.is_for(&store.host, USER) == Some(true));
        ours.find_map(|b| Some(b.block.first(keyword)?.value().to_owned()))
    };
    let port = store.port.or_else(|| from_block("port")?.parse().ok());
    let identity = store.param("ssh-key").map(str::to_owned);
    let identity = identity.or_else(|| from_block("identityfile"));
    let pins = machine.pins();
    let pin = pins
        .into_iter()
        .find(|pin| pin.is_for(&store.host, port.unwrap_or(SSH_PORT)));
    AdoptedClient {
        host: host.to_owned(),
        address: store.host.clone(),
        port,
        priority: store.param("priority").and_then(|p| p.parse().ok()),
        identity: identity.filter(|path| path.starts_with('/')),
        identity_key: None,
        pin: pin.and_then(|pin| pin.key),
    }
}

/// The trusted key whose name holds the cache's name: `kalaw-1`,
/// `cache.kalaw.lan-1`.
fn signing_key(machine: &Machine, cache: &str) -> Option<SigningPublicKey> {
    let words = machine.trusted_keys().into_iter();
    let keys = words.filter_map(|word| word.text.parse::<SigningPublicKey>().ok());
    let mut named = keys.filter(|key| {
        let mut parts = key.name().split(|c: char| !c.is_alphanumeric());
        key.name().contains(cache) || parts.any(|part| part.eq_ignore_ascii_case(cache))
    });
    named.next()
}
