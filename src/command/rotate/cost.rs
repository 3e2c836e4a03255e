//! What it costs to change a key at once: what stops, and until when.

use super::change::Change;
use super::target::Target;
use crate::fleet::{Fleet, HostName, Identity, KeyKind};
use crate::text::some_quoted;

/// The old key is in wrong hands.
pub(super) fn of_theft(fleet: &Fleet, target: &Target, change: &Change) -> Vec<String> {
    let name = &target.name;
    let until = match change {
        Change::Withdraw => "until the new key is in, and the switch for it",
        _ => "until the switch",
    };
    let mut notes = Vec::new();
    let clients = clients(fleet, name);
    match (target.kind, clients) {
        (KeyKind::Signing, Some(clients)) => {
            notes.push(format!(
                "whoever has the old key can sign for {clients} until the switch: begin there"
            ));
            notes.push(format!(
                "what `{name}` built so far has the old signature: its clients build it again; \
                 sign only what you know to be yours (`nix store sign`), others may have signed with the old key"
            ));
        }
        (KeyKind::HostKey, Some(clients)) => {
            notes.push(format!("{clients} cannot use `{name}` {until}"));
        }
        (KeyKind::SharedIdentity, Some(clients)) => notes.push(format!(
            "{clients} cannot log in at `{name}` until they have the new key; \
             whoever has the old one can until `{name}` is switched: switch it first"
        )),
        _ => {}
    }
    if let Some(caches) = logins(fleet, target) {
        notes.push(format!(
            "whoever has the old key can log in at {caches} until that is switched: switch it first"
        ));
    }
    notes
}

/// The old key is gone, as after a new installation.
pub(super) fn of_loss(fleet: &Fleet, target: &Target) -> Vec<String> {
    let name = &target.name;
    let mut notes = Vec::new();
    match (target.kind, clients(fleet, name)) {
        (KeyKind::Signing, Some(clients)) => notes.push(format!(
            "until the switch {clients} will not take what `{name}` signs; what the old key alone has signed will be built again"
        )),
        (KeyKind::HostKey, Some(clients)) => {
            notes.push(format!("{clients} cannot use `{name}` until the switch"));
        }
        (KeyKind::SharedIdentity, Some(clients)) => notes.push(format!(
            "{clients} cannot log in at `{name}` until that is switched and they have the new key"
        )),
        _ => {}
    }
    if let Some(caches) = logins(fleet, target) {
        notes.push(format!(
            "`{name}` cannot log in at {caches} until that is switched"
        ));
    }
    if target.kind == KeyKind::HostKey {
        notes.extend(other_keys(fleet, name));
    }
    notes
}

/// A new installation has none of the keys that were made before.
fn other_keys(fleet: &Fleet, name: &HostName) -> Vec<String> {
    let cache = fleet.caches.get(name);
    let signing = cache.filter(|cache| cache.signing_key.known().is_some());
    let signing = signing.map(|cache| {
        let file = cache.signing_key_file();
        format!(
            "if its signing key is gone as well (`{file}`), and in no backup: `larder rotate signing-key {name} --new KEY`"
        )
    });
    let identity = fleet
        .hosts
        .get(name)
        .and_then(|host| host.identity.as_ref());
    let identity = identity.and_then(|identity| match identity {
        Identity::File {
            path, key: Some(_), ..
        } => Some(format!(
            "if its login key is gone as well (`{path}`): `larder rotate identity {name} --new KEY`"
        )),
        _ => None,
    });
    signing.into_iter().chain(identity).collect()
}

/// The clients of the cache that this host serves.
fn clients(fleet: &Fleet, name: &HostName) -> Option<String> {
    let cache = fleet.caches.get(name)?;
    let clients = some_quoted(fleet.clients(cache).map(|client| &client.name));
    (!clients.is_empty()).then_some(clients)
}

/// The caches at which the host logs in with the key.
fn logins(fleet: &Fleet, target: &Target) -> Option<String> {
    let is_login = matches!(target.kind, KeyKind::HostKey | KeyKind::Identity);
    let host = fleet.hosts.get(&target.name).filter(|_| is_login)?;
    let old = target.ssh_keys(fleet)?.0?;
    let caches = fleet.caches_of(host).filter(|cache| {
        let own = fleet.identity(cache, host).public_key(host);
        own == Some(&old)
    });
    let caches = some_quoted(caches.map(|cache| &cache.host));
    (!caches.is_empty()).then_some(caches)
}
