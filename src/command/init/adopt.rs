//! A cache that is wired by hand, as the inventory records it.

use crate::fleet::{
    Cache, Engine, Host, HostName, Identity, LinkOverride, Selector, SigningKey, Wiring,
};
use crate::survey::{AdoptedCache, AdoptedClient};

/// The cache, and what is said about it; its hosts learn their addresses and
/// identities.
pub(super) fn cache(found: &AdoptedCache, hosts: &mut [Host]) -> (Option<Cache>, Vec<String>) {
    let mut notes: Vec<String> = found
        .unread
        .iter()
        .map(|what| format!("`{}`'s wiring: {what}", found.host))
        .collect();
    let Ok(name) = found.host.parse::<HostName>() else {
        return (None, notes);
    };
    notes.insert(
        0,
        format!(
            "`{name}` is a cache that is wired by hand: adopted; `larder lint` says what it lacks"
        ),
    );
    let mut cache = Cache::of(name);
    cache.wiring = Wiring::Adopted;
    cache.engine = match found.protocol.as_str() {
        "ssh-ng" => Engine::SshNg,
        _ => Engine::Ssh,
    };
    if let Some(key) = &found.signing_key {
        cache.signing_key = SigningKey::Known(key.clone());
    }
    cache.signing_key_file = found
        .signing_key_file
        .as_ref()
        .and_then(|path| path.parse().ok());
    for client in &found.clients {
        add_client(&mut cache, client, hosts);
    }
    (Some(cache), notes)
}

fn add_client(cache: &mut Cache, client: &AdoptedClient, hosts: &mut [Host]) {
    let Ok(name) = client.host.parse::<HostName>() else {
        return;
    };
    cache.clients.push(Selector::Host(name.clone()));
    let own = link_override(cache, client, hosts);
    if own != LinkOverride::default() {
        cache.link_overrides.insert(name.clone(), own);
    }
    let Some(identity) = identity(client) else {
        return;
    };
    if identity == Identity::HostKey
        && let Some(host) = hosts.iter_mut().find(|host| host.name == name)
    {
        let authorised = client.identity_key.clone();
        host.host_key = host.host_key.take().or(authorised);
    }
    if cache.clients.len() == 1 {
        cache.identity = identity;
    } else if cache.identity != identity
        && let Some(host) = hosts.iter_mut().find(|host| host.name == name)
    {
        host.identity = Some(identity);
    }
}

/// The first client's link says what is usual; where a later one differs, the inventory
/// says so for that client.
fn link_override(cache: &mut Cache, client: &AdoptedClient, hosts: &mut [Host]) -> LinkOverride {
    let mut own = LinkOverride::default();
    let address = client.address.parse().ok();
    // Not said, it is 0, which nobody would choose: lint has a word about it.
    let priority = client.priority.filter(|number| *number > 0);
    if let Some(server) = hosts.iter_mut().find(|host| host.name == cache.host) {
        server.host_key = server.host_key.take().or_else(|| client.pin.clone());
        let is_first = cache.clients.len() == 1;
        if is_first {
            server.address = address.filter(|address| *address != server.address());
            server.port = client.port;
            cache.priority = priority;
            return own;
        }
        own.address = address.filter(|address| *address != server.address());
        own.port = client.port.filter(|port| Some(*port) != server.port);
    }
    own.priority = priority.filter(|_| priority != cache.priority);
    own
}

fn identity(client: &AdoptedClient) -> Option<Identity> {
    let path = client.identity.as_ref()?;
    if path.contains("ssh_host_") {
        return Some(Identity::HostKey);
    }
    Some(Identity::File {
        path: path.parse().ok()?,
        key: client.identity_key.clone(),
        next: None,
        make: false,
    })
}
