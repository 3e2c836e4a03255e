//! What a host does for the others and takes from them: if it is the same before and after a
//! change, the machine need not be switched.

use std::collections::BTreeMap;

use super::elsewhere::{Fetching, fetches};
use crate::fleet::{
    AbsolutePath, Address, Cache, Engine, Fleet, Hop, Host, HostName, Identity, Link, ProxyJump,
    SecretFile, SigningKey, SshdOwner, Successor, Wiring,
};
use crate::key::{PublicKey, SigningPublicKey};

/// One host's part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Role {
    /// `None`: it is no cache.
    pub(super) serves: Option<Serving>,
    /// By the cache's host: those that it asks.
    pub(super) uses: BTreeMap<HostName, Using>,
    /// By their names: the caches elsewhere that it asks.
    pub(super) fetches: BTreeMap<HostName, Fetching>,
    /// The private key that it makes at the switch, while the inventory lacks the public half.
    pub(super) makes: Option<AbsolutePath>,
    /// How far each key of its own is that takes the place of another: host key, identity.
    pub(super) changes: [Option<NextKey>; 2],
}

/// How far a key is that takes the place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NextKey {
    /// The host makes it, and uses the old one.
    Makes,
    /// It is there, and the host uses the old one.
    Beside,
    /// The host uses it.
    InUse,
}

/// What a cache does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Serving {
    /// The key of each client.
    pub(super) lets_in: BTreeMap<HostName, Vec<PublicKey>>,
    pub(super) makes_key: bool,
    pub(super) wiring: Wiring,
    pub(super) settings: (Vec<Engine>, SshdOwner),
    /// With what it signs.
    pub(super) signs_with: Vec<SecretFile>,
}

/// What a client knows of a cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Using {
    way: (Address, u16, Option<ProxyJump>),
    priority: u16,
    engine: Engine,
    tunnel_port: Option<u16>,
    pub(super) wiring: Wiring,
    pub(super) host_keys: Vec<PublicKey>,
    pub(super) signing_keys: Vec<SigningPublicKey>,
    identity: Option<SecretFile>,
    /// The public halves of the key with which the client logs in.
    pub(super) login_keys: Vec<PublicKey>,
    /// The host keys of the jump hosts.
    hop_keys: Vec<PublicKey>,
}

impl Using {
    /// The hosts on the way.
    pub(super) fn hops(&self) -> impl Iterator<Item = Hop> {
        self.way.2.iter().flat_map(ProxyJump::hops)
    }

    /// The same, whatever the keys of the cache are.
    pub(super) fn without_keys(&self) -> Self {
        Self {
            host_keys: Vec::new(),
            signing_keys: Vec::new(),
            login_keys: Vec::new(),
            hop_keys: Vec::new(),
            ..self.clone()
        }
    }
}

/// The parts of all hosts. `renamed` gives hosts the names that they get.
pub(super) fn roles(
    fleet: &Fleet,
    renamed: impl Fn(&HostName) -> HostName,
) -> BTreeMap<HostName, Role> {
    let role = |host: &Host| Role {
        serves: served(fleet, host).map(|cache| serving(fleet, cache, &renamed)),
        uses: uses(fleet, host, &renamed),
        fetches: fetches(fleet, host),
        makes: makes(fleet, host),
        changes: changes(fleet, host),
    };
    let hosts = fleet.hosts.values();
    hosts
        .map(|host| (renamed(&host.name), role(host)))
        .collect()
}

fn served<'f>(fleet: &'f Fleet, host: &Host) -> Option<&'f Cache> {
    let cache = fleet.caches.get(&host.name)?;
    (fleet.has_module(host) || cache.is_adopted()).then_some(cache)
}

fn serving(fleet: &Fleet, cache: &Cache, renamed: &impl Fn(&HostName) -> HostName) -> Serving {
    let key_of = |client: &Host| {
        let keys = fleet.identity(cache, client).public_keys(client);
        let keys: Vec<PublicKey> = keys.into_iter().cloned().collect();
        (!keys.is_empty()).then(|| (renamed(&client.name), keys))
    };
    Serving {
        lets_in: fleet.clients(cache).filter_map(key_of).collect(),
        wiring: cache.wiring,
        makes_key: cache.signing_key == SigningKey::Pending && cache.makes_signing_key(),
        settings: (cache.engines().collect(), cache.sshd),
        signs_with: if cache.has_signing_key_file() {
            cache.signing_key_files()
        } else {
            Vec::new()
        },
    }
}

fn uses(
    fleet: &Fleet,
    host: &Host,
    renamed: &impl Fn(&HostName) -> HostName,
) -> BTreeMap<HostName, Using> {
    let caches = fleet.caches_of(host);
    let wired = caches.filter(|cache| fleet.missing(cache, host).is_empty());
    let using = |cache: &Cache| (renamed(&cache.host), using(fleet, &fleet.link(cache, host)));
    wired.map(using).collect()
}

fn using(fleet: &Fleet, link: &Link<'_>) -> Using {
    let hops: Vec<Hop> = link.proxy_jump.iter().flat_map(ProxyJump::hops).collect();
    // What logs in nowhere but at the cache is the cache's to know.
    let login_keys = if hops.is_empty() {
        Vec::new()
    } else {
        link.identity.public_keys(link.client)
    };
    Using {
        way: (link.address.clone(), link.port, link.proxy_jump.clone()),
        priority: link.priority,
        engine: link.cache.engine,
        tunnel_port: link.tunnel_port,
        wiring: link.cache.wiring,
        host_keys: link.server.host_keys().cloned().collect(),
        signing_keys: link.cache.trusted_keys().into_iter().cloned().collect(),
        identity: match link.identity {
            Identity::HostKey => None,
            Identity::File { path, .. } => Some(path.clone()),
        },
        login_keys: login_keys.into_iter().cloned().collect(),
        hop_keys: hops
            .iter()
            .flat_map(|hop| fleet.hop_keys(hop))
            .cloned()
            .collect(),
    }
}

fn makes(fleet: &Fleet, host: &Host) -> Option<AbsolutePath> {
    let mut caches = fleet.caches_of(host).filter(|cache| !cache.is_adopted());
    if host.nixos && !fleet.has_module(host) {
        return None;
    }
    caches.find_map(|cache| match fleet.identity(cache, host) {
        Identity::File {
            path,
            key: None,
            make: true,
            ..
        } => Some(path.path(&host.name)),
        _ => None,
    })
}

fn changes(fleet: &Fleet, host: &Host) -> [Option<NextKey>; 2] {
    let change = |next: &Successor<PublicKey>| match (&next.key, next.in_use) {
        (None, _) => NextKey::Makes,
        (Some(_), false) => NextKey::Beside,
        (Some(_), true) => NextKey::InUse,
    };
    let identity = match &host.identity {
        Some(Identity::File {
            next: Some(next),
            make: true,
            ..
        }) => Some(next),
        _ => None,
    };
    if fleet.has_module(host) {
        [host.next_host_key.as_ref(), identity].map(|next| next.map(change))
    } else {
        [None, None]
    }
}
