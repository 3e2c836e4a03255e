//! `keys.nix`: every public key of the fleet, by name.

use super::modules::{Rendering, owned_caches};
use crate::fleet::{Cache, Fleet, Host, Identity};
use crate::key::PublicKey;
use crate::nix::Literal;
use crate::nix::template::Value;

const KEYS: &str = include_str!("../../templates/keys.nix");

/// Adds the file; a fleet without caches of ours has none.
pub(super) fn add(fleet: &Fleet, modules: &mut Rendering<'_>) {
    if owned_caches(fleet).next().is_none() {
        return;
    }
    let hosts = fleet.hosts.values();
    let of_hosts = hosts
        .clone()
        .filter_map(|host| Some((host.name.as_str(), public(host.host_key.as_ref()?))));
    let identities = hosts.filter_map(|host| {
        let key = dedicated(host.identity.as_ref()?)?;
        Some((host.name.as_str(), public(key)))
    });
    let shared = owned_caches(fleet).filter_map(|cache| {
        let key = dedicated(&cache.identity)?;
        Some((cache.host.as_str(), public(key)))
    });
    let signing = owned_caches(fleet).filter_map(|cache| {
        let key = cache.signing_key.known()?;
        Some((cache.host.as_str(), Literal::string(&key.to_string())))
    });
    let values = [
        ("hosts", Value::Raw(Literal::set(of_hosts))),
        ("identities", Value::Raw(Literal::set(identities))),
        ("shared", Value::Raw(Literal::set(shared))),
        ("signing", Value::Raw(Literal::set(signing))),
    ];
    modules.add("keys.nix", KEYS, &values);
}

/// Where `keys.nix` has the SSH host key of the machine that serves a cache.
pub(super) fn host_key(cache: &Cache) -> Literal {
    reference("hosts", &cache.host)
}

/// Where it has the key that signs what a cache builds.
pub(super) fn signing(cache: &Cache) -> Literal {
    reference("signing", &cache.host)
}

/// Where it has the key with which a client logs in at a cache; `None` while that
/// is not known.
pub(super) fn client(cache: &Cache, client: &Host) -> Option<Literal> {
    let (identity, own) = match (&client.identity, &cache.identity) {
        (Some(identity @ Identity::File { .. }), _) => (identity, ("identities", &client.name)),
        (None, identity @ Identity::File { .. }) => (identity, ("shared", &cache.host)),
        (_, _) => (&Identity::HostKey, ("hosts", &client.name)),
    };
    identity.public_key(client)?;
    Some(reference(own.0, own.1))
}

fn reference(set: &str, name: &str) -> Literal {
    Literal::reference(&["keys", set, name])
}

fn dedicated(identity: &Identity) -> Option<&PublicKey> {
    match identity {
        Identity::HostKey => None,
        Identity::File { key, .. } => key.as_ref(),
    }
}

/// Type and base64: the name beside it says whose it is.
fn public(key: &PublicKey) -> Literal {
    Literal::string(&key.to_string())
}
