//! What only a human can do now, in words and commands.

use crate::fleet::{Cache, Fleet, Host, HostName, Identity, Missing};

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
    let mut notes: Vec<String> = fleet
        .clients(cache)
        .flat_map(|client| client_notes(fleet, cache, client))
        .collect();
    notes.sort();
    notes.dedup();
    notes
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
        Missing::SigningKey => format!(
            "`{server}`'s signing key is pending, so no client uses it yet: switch \
             `{server}`, then run `larder keys set {server} --signing-key \
             \"$(ssh {server} cat {file})\"`",
            file = public_half(cache.signing_key_file().as_ref())
        ),
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
