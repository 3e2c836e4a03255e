//! What only a human can do now, in words and commands.

use std::collections::BTreeMap;

use crate::fleet::{AbsolutePath, Cache, Fleet, Host, HostName, Identity, Missing, Wiring};

/// What keeps a host from being wired to the caches that it is a client of.
pub(super) fn obstacles_of_host(fleet: &Fleet, name: &HostName) -> Vec<String> {
    let Some(host) = fleet.hosts.get(name) else {
        return Vec::new();
    };
    let of_cache = |cache| client_notes(fleet, cache, host);
    fleet.caches_of(host).flat_map(of_cache).collect()
}

/// What keeps a cache's clients from being wired to it.
pub(super) fn obstacles_of_clients(fleet: &Fleet, name: &HostName) -> Vec<String> {
    let Some(cache) = fleet.caches.get(name) else {
        return Vec::new();
    };
    let mut notes: Vec<String> = Vec::new();
    let mut keyless: BTreeMap<UnknownKey<'_>, Vec<&Host>> = BTreeMap::new();
    for client in fleet.clients(cache) {
        for missing in fleet.missing(cache, client) {
            match unknown_key(fleet, cache, client, missing) {
                Some(key) => keyless.entry(key).or_default().push(client),
                None => notes.push(sentence(fleet, cache, client, missing)),
            }
        }
    }
    notes.sort();
    notes.dedup();
    let keyless = keyless.into_values();
    notes.extend(keyless.map(|clients| keyless_sentence(fleet, cache, &clients)));
    notes
}

/// What many clients may lack alike.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum UnknownKey<'f> {
    /// Their SSH host keys.
    HostKey,
    /// The public half of a file.
    OfFile(&'f AbsolutePath),
}

fn unknown_key<'f>(
    fleet: &'f Fleet,
    cache: &'f Cache,
    client: &'f Host,
    missing: Missing,
) -> Option<UnknownKey<'f>> {
    match (missing, fleet.identity(cache, client)) {
        (Missing::IdentityKey, Identity::File { path, .. }) => Some(UnknownKey::OfFile(path)),
        (Missing::IdentityKey, Identity::HostKey) if client.why_no_identity().is_none() => {
            Some(UnknownKey::HostKey)
        }
        _ => None,
    }
}

/// One sentence, however many they are.
fn keyless_sentence(fleet: &Fleet, cache: &Cache, clients: &[&Host]) -> String {
    let [first, _, ..] = clients else {
        let only = clients.first();
        return only.map_or_else(String::new, |client| {
            identity_sentence(fleet, cache, client)
        });
    };
    let names: Vec<String> = clients
        .iter()
        .map(|host| format!("`{}`", host.name))
        .collect();
    let (names, server) = (names.join(", "), &cache.host);
    match fleet.identity(cache, first) {
        Identity::HostKey => format!(
            "the SSH host keys of {names} are not known, so they do not use `{server}`: \
             `larder keys set HOST KEY` for each"
        ),
        Identity::File { path, .. } => format!(
            "the public halves of `{path}` on {names} are not known, so they do not use \
             `{server}`: `larder keys set HOST --identity KEY` for each"
        ),
    }
}

/// What keeps the caches of larder's from being used, each once.
pub(super) fn of_sync(fleet: &Fleet) -> Vec<String> {
    let owned = fleet.caches.values();
    let owned = owned.filter(|cache| cache.wiring == Wiring::Owned);
    owned.flat_map(|cache| of_cache(fleet, cache)).collect()
}

fn of_cache(fleet: &Fleet, cache: &Cache) -> Vec<String> {
    if fleet.clients(cache).next().is_some() {
        return obstacles_of_clients(fleet, &cache.host);
    }
    let server = &cache.host;
    vec![format!(
        "nobody is a client of `{server}`: write `clients = [\"@all\"]` under \
         `[caches.{server}]`, and run `larder sync`"
    )]
}

fn client_notes(fleet: &Fleet, cache: &Cache, client: &Host) -> Vec<String> {
    let say = |missing| sentence(fleet, cache, client, missing);
    fleet.missing(cache, client).into_iter().map(say).collect()
}

fn sentence(fleet: &Fleet, cache: &Cache, client: &Host, missing: Missing) -> String {
    let (server, client_name) = (&cache.host, &client.name);
    match missing {
        Missing::Pin => format!(
            "`{server}`'s SSH host key is not known, so no client uses it yet: \
             `larder keys set {server} KEY`"
        ),
        Missing::SigningKey => signing_sentence(cache),
        Missing::IdentityKey => identity_sentence(fleet, cache, client),
        Missing::ClientModule => format!(
            "`{client_name}` has no module of its own in the inventory, so it does not use \
             `{server}`: write `module = \"…\"` under `[hosts.{client_name}]`"
        ),
        Missing::ServerModule => format!(
            "`{server}` has no module of its own in the inventory: write `module = \"…\"` under \
             `[hosts.{server}]`"
        ),
    }
}

fn signing_sentence(cache: &Cache) -> String {
    let (server, file) = (&cache.host, cache.signing_key_file());
    let pending = format!("`{server}`'s signing key is pending, so no client uses it yet");
    if !cache.makes_signing_key() {
        let or_make =
            format!("; or let `{server}` make it: `larder add-cache {server} --make-signing-key`");
        return format!(
            "{pending}: put its secret half into `{file}` on `{server}`, then run \
             `larder keys set {server} --signing-key KEY`{}",
            if file.outlasts_boot() { &or_make } else { "" }
        );
    }
    format!(
        "{pending}: switch `{server}`, then run `larder keys set {server} --signing-key \
         \"$(ssh {server} cat {public})\"`",
        public = public_half(file.as_ref())
    )
}

fn identity_sentence(fleet: &Fleet, cache: &Cache, client: &Host) -> String {
    let (server, client_name) = (&cache.host, &client.name);
    match fleet.identity(cache, client) {
        Identity::HostKey => match client.why_no_identity() {
            Some(why) => format!(
                "`{client_name}` does not use `{server}`: {why}: \
                 `larder keys set {client_name} --replace KEY`"
            ),
            None => format!(
                "`{client_name}`'s SSH host key is not known, so it does not use `{server}`: \
                 `larder keys set {client_name} KEY`"
            ),
        },
        Identity::File { path, .. } => format!(
            "the public half of `{path}` on `{client_name}` is not known, so it does not use \
             `{server}`: `larder keys set {client_name} --identity KEY`"
        ),
    }
}

/// The signing key's public half lies beside the secret one, as `serve.nix` makes
/// it.
pub(super) fn public_half(secret: &str) -> String {
    format!(
        "{}.public",
        secret.strip_suffix(".secret").unwrap_or(secret)
    )
}
