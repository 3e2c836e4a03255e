//! The caches of a fleet, each with its clients and what they wait for: what `status` and
//! `graph` show.

use serde::Serialize;

use crate::fleet::{Cache, ExternalCache, Fleet, Host, HostName, Missing};

/// One cache and its clients.
#[derive(Debug, Serialize)]
pub(super) struct CacheLinks {
    pub(super) host: HostName,
    /// Where it is, if no host of the fleet serves it: then `host` is only its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) url: Option<String>,
    /// It is wired by hand.
    pub(super) adopted: bool,
    pub(super) clients: Vec<ClientLink>,
}

/// One client of a cache.
#[derive(Debug, Serialize)]
pub(super) struct ClientLink {
    pub(super) host: HostName,
    /// Lower is asked first; cache.nixos.org has 40. `None`: it is wired by hand, and its
    /// files say.
    pub(super) priority: Option<u16>,
    /// Nothing: it is wired.
    pub(super) waits_for: Vec<&'static str>,
}

impl CacheLinks {
    /// What is said of it behind its name: where it is, and who wires it.
    pub(super) fn remarks(&self) -> Vec<&str> {
        let by_hand = self.adopted.then_some("wired by hand");
        self.url.as_deref().into_iter().chain(by_hand).collect()
    }
}

impl ClientLink {
    /// It waits for a key.
    pub(super) fn is_pending(&self) -> bool {
        !self.waits_for.is_empty()
    }
}

/// Every cache of the fleet.
pub(super) fn all(fleet: &Fleet) -> Vec<CacheLinks> {
    let caches = fleet.caches.values().map(|cache| of_cache(fleet, cache));
    let elsewhere = fleet.external_caches.values();
    let elsewhere = elsewhere.map(|cache| of_external(fleet, cache));
    let mut all: Vec<CacheLinks> = caches.chain(elsewhere).collect();
    all.sort_by(|one, other| one.host.cmp(&other.host));
    all
}

fn of_cache(fleet: &Fleet, cache: &Cache) -> CacheLinks {
    let of_client = |client: &Host| ClientLink {
        host: client.name.clone(),
        priority: (!cache.is_adopted()).then(|| fleet.link(cache, client).priority),
        waits_for: waits_for(fleet, cache, client),
    };
    CacheLinks {
        host: cache.host.clone(),
        url: None,
        adopted: cache.is_adopted(),
        clients: fleet.clients(cache).map(of_client).collect(),
    }
}

fn of_external(fleet: &Fleet, cache: &ExternalCache) -> CacheLinks {
    let of_client = |client: &Host| ClientLink {
        host: client.name.clone(),
        priority: (!cache.is_adopted()).then(|| cache.priority_for(client)),
        waits_for: waits_for_external(fleet, cache, client),
    };
    CacheLinks {
        host: cache.name.clone(),
        url: Some(cache.url.to_string()),
        adopted: cache.is_adopted(),
        clients: fleet.external_clients(cache).map(of_client).collect(),
    }
}

/// What a client lacks before it can use a cache, in words that follow "waits for".
pub(super) fn waits_for(fleet: &Fleet, cache: &Cache, client: &Host) -> Vec<&'static str> {
    let missing = fleet.missing(cache, client).into_iter();
    missing.map(words).collect()
}

/// The same of a cache elsewhere.
pub(super) fn waits_for_external(
    fleet: &Fleet,
    cache: &ExternalCache,
    client: &Host,
) -> Vec<&'static str> {
    let missing = fleet.missing_for_external(cache, client).into_iter();
    missing.map(words).collect()
}

fn words(missing: Missing) -> &'static str {
    match missing {
        Missing::Pin => "the cache's SSH host key",
        Missing::SigningKey => "the cache's signing key",
        Missing::IdentityKey => "its own public key",
        Missing::ClientModule => "a module of its own",
        Missing::ServerModule => "a module of the cache's",
    }
}
