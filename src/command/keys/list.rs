//! `keys list`: every public key that the fleet has or needs.

use crate::fleet::{ExternalCache, Fleet, Hop, Host, Identity};
use crate::key::{PublicKey, SigningPublicKey};

/// One line of `keys list`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct KnownKey {
    /// The host that it belongs to, or the cache that exists elsewhere.
    pub host: String,
    /// `host-key`, `identity` or `signing-key`; with `new` before it while it changes. That of a
    /// jump host that is no host of the fleet is its `host-key`.
    pub kind: &'static str,
    /// The key; `None`: missing or pending.
    pub key: Option<String>,
    /// Its fingerprint, for SSH keys.
    pub fingerprint: Option<String>,
}

/// Every key that the fleet has or needs, by host.
pub fn list(fleet: &Fleet) -> Vec<KnownKey> {
    fleet
        .hosts
        .values()
        .flat_map(|host| of_host(fleet, host))
        .chain(jump_hosts(fleet))
        .chain(fleet.external_caches.values().flat_map(elsewhere))
        .collect()
}

fn elsewhere(cache: &ExternalCache) -> Vec<KnownKey> {
    let line = |key: Option<&SigningPublicKey>| KnownKey {
        host: cache.name.to_string(),
        kind: "signing-key",
        key: key.map(ToString::to_string),
        fingerprint: None,
    };
    match &cache.signing_keys[..] {
        [] => vec![line(None)],
        keys => keys.iter().map(|key| line(Some(key))).collect(),
    }
}

fn jump_hosts(fleet: &Fleet) -> Vec<KnownKey> {
    let hops = fleet.foreign_hops().into_iter();
    let key = |(hop, _): (Hop, _)| {
        let known = fleet.jump_hosts.get(&hop.address);
        let key = known.map(|known| &known.host_key);
        KnownKey {
            host: hop.address.to_string(),
            kind: "host-key",
            key: key.map(ToString::to_string),
            fingerprint: key.map(PublicKey::fingerprint),
        }
    };
    hops.map(key).collect()
}

fn of_host(fleet: &Fleet, host: &Host) -> Vec<KnownKey> {
    let mut keys = Vec::new();
    if host.host_key.is_some() || needs_host_key(fleet, host) {
        keys.push(ssh_key(host, "host-key", host.host_key.as_ref()));
    }
    let next = host.next_host_key.as_ref();
    keys.extend(next.map(|next| ssh_key(host, "new host-key", next.key.as_ref())));
    if let Some(Identity::File { key, next, .. }) = own_identity(fleet, host) {
        keys.push(ssh_key(host, "identity", key.as_ref()));
        let next = next.as_ref();
        keys.extend(next.map(|next| ssh_key(host, "new identity", next.key.as_ref())));
    }
    if let Some(cache) = fleet.caches.get(&host.name) {
        if let Identity::File { key, .. } = &cache.identity
            && (key.is_some() || !each_makes_its_own(&cache.identity))
        {
            keys.push(ssh_key(host, "clients' identity", key.as_ref()));
        }
        if let Identity::File {
            next: Some(next), ..
        } = &cache.identity
        {
            keys.push(ssh_key(host, "clients' new identity", next.key.as_ref()));
        }
        keys.push(signing(host, "signing-key", cache.signing_key.known()));
        let next = cache.next_signing_key.as_ref();
        keys.extend(next.map(|next| signing(host, "new signing-key", next.key.as_ref())));
    }
    keys
}

/// The key with which a host logs in, where that is its alone: it has one of its own, or
/// makes the one that a cache has its clients make.
pub(super) fn own_identity<'f>(fleet: &'f Fleet, host: &'f Host) -> Option<&'f Identity> {
    let of_caches = fleet.caches_of(host).map(|cache| &cache.identity);
    let mut of_caches = of_caches.filter(|identity| each_makes_its_own(identity));
    host.identity.as_ref().or_else(|| of_caches.next())
}

fn each_makes_its_own(identity: &Identity) -> bool {
    matches!(identity, Identity::File { make: true, .. })
}

/// True if a host key is missing that the fleet needs.
pub(super) fn lacks_host_key(fleet: &Fleet, host: &Host) -> bool {
    host.host_key.is_none() && needs_host_key(fleet, host)
}

/// True unless the host only reads from caches, at which it logs in with other keys.
pub(super) fn needs_host_key(fleet: &Fleet, host: &Host) -> bool {
    let mut identities = fleet
        .caches_of(host)
        .map(|cache| fleet.identity(cache, host));
    let is_client = fleet.caches_of(host).next().is_some();
    fleet.caches.contains_key(&host.name)
        || !is_client
        || identities.any(|identity| *identity == Identity::HostKey)
}

fn ssh_key(host: &Host, kind: &'static str, key: Option<&PublicKey>) -> KnownKey {
    KnownKey {
        host: host.name.to_string(),
        kind,
        key: key.map(ToString::to_string),
        fingerprint: key.map(PublicKey::fingerprint),
    }
}

fn signing(host: &Host, kind: &'static str, key: Option<&SigningPublicKey>) -> KnownKey {
    KnownKey {
        host: host.name.to_string(),
        kind,
        key: key.map(ToString::to_string),
        fingerprint: None,
    }
}
