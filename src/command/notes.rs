//! What keeps clients from being wired, where the inventory or a host's files have to be
//! edited; keys that are still to come are steps.

use crate::fleet::{Cache, ExternalCache, Fleet, Host, HostName, Identity, Missing, Wiring};

/// What keeps a host from being wired to the caches that it is a client of.
pub(super) fn obstacles_of_host(fleet: &Fleet, name: &HostName) -> Vec<String> {
    let Some(host) = fleet.hosts.get(name) else {
        return Vec::new();
    };
    let of_cache = |cache| client_notes(fleet, cache, host);
    let elsewhere = fleet.external_caches_of(host);
    let elsewhere = elsewhere.filter_map(|cache| without_module(fleet, cache, host));
    let served = fleet.caches_of(host).flat_map(of_cache);
    served.chain(elsewhere).collect()
}

/// What keeps the clients of a cache elsewhere from being wired to it.
pub(super) fn obstacles_of_external(fleet: &Fleet, cache: &ExternalCache) -> Vec<String> {
    let name = &cache.name;
    if fleet.external_clients(cache).next().is_none() {
        return vec![nobody(name)];
    }
    let clients = fleet.external_clients(cache);
    clients
        .filter_map(|client| without_module(fleet, cache, client))
        .collect()
}

fn without_module(fleet: &Fleet, cache: &ExternalCache, client: &Host) -> Option<String> {
    let missing = fleet.missing_for_external(cache, client);
    let is_it = missing.contains(&Missing::ClientModule);
    is_it.then(|| no_module(&client.name, &cache.name))
}

/// What keeps a cache's clients from being wired to it.
pub(super) fn obstacles_of_clients(fleet: &Fleet, name: &HostName) -> Vec<String> {
    let Some(cache) = fleet.caches.get(name) else {
        return Vec::new();
    };
    let clients = fleet.clients(cache);
    let mut notes: Vec<String> = clients
        .flat_map(|client| client_notes(fleet, cache, client))
        .collect();
    notes.sort();
    notes.dedup();
    notes
}

/// What keeps the caches of larder's from being used, each once.
pub(super) fn of_sync(fleet: &Fleet) -> Vec<String> {
    let owned = fleet.caches.values();
    let owned = owned.filter(|cache| cache.wiring == Wiring::Owned);
    let served = owned.flat_map(|cache| of_cache(fleet, cache));
    let elsewhere = fleet.external_caches.values();
    let elsewhere = elsewhere.filter(|cache| !cache.is_adopted());
    served
        .chain(elsewhere.flat_map(|cache| obstacles_of_external(fleet, cache)))
        .collect()
}

fn of_cache(fleet: &Fleet, cache: &Cache) -> Vec<String> {
    if fleet.clients(cache).next().is_some() {
        return obstacles_of_clients(fleet, &cache.host);
    }
    vec![nobody(&cache.host)]
}

fn nobody(cache: &HostName) -> String {
    format!(
        "nobody is a client of `{cache}`: write `clients = [\"@all\"]` under \
         `[caches.{cache}]`, and run `larder sync`"
    )
}

fn no_module(client: &HostName, cache: &HostName) -> String {
    format!(
        "`{client}` has no module of its own in the inventory, so it does not use \
         `{cache}`: write `module = \"…\"` under `[hosts.{client}]`"
    )
}

fn client_notes(fleet: &Fleet, cache: &Cache, client: &Host) -> Vec<String> {
    let say = |missing| sentence(fleet, cache, client, missing);
    fleet
        .missing(cache, client)
        .into_iter()
        .filter_map(say)
        .collect()
}

fn sentence(fleet: &Fleet, cache: &Cache, client: &Host, missing: Missing) -> Option<String> {
    let (server, client_name) = (&cache.host, &client.name);
    match missing {
        Missing::Pin | Missing::SigningKey => None,
        Missing::IdentityKey => match fleet.identity(cache, client) {
            Identity::HostKey => {
                let why = client.why_no_identity()?;
                Some(format!("`{client_name}` does not use `{server}`: {why}"))
            }
            Identity::File { .. } => None,
        },
        Missing::ClientModule => Some(no_module(client_name, server)),
        Missing::ServerModule => Some(format!(
            "`{server}` has no module of its own in the inventory: write `module = \"…\"` under \
             `[hosts.{server}]`"
        )),
    }
}
