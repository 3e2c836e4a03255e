//! `caches/NAME.nix`: one cache, as its host and its clients know it.

use std::collections::HashSet;

use super::keys;
use super::modules::{Rendering, wired_hosts};
use crate::fleet::{AbsolutePath, Cache, Fleet, Hop, Host, Identity, Link, ProxyJump, SshdOwner};
use crate::nix::Literal;
use crate::nix::template::Value;

const CACHE: &str = include_str!("../../templates/cache.nix");

/// The file of a cache, relative to the folder of owned modules.
pub(super) fn file(cache: &Cache) -> String {
    format!("caches/{}.nix", cache.host)
}

/// Adds the file of a cache.
pub(super) fn add(fleet: &Fleet, cache: &Cache, modules: &mut Rendering<'_>) {
    let server = fleet.server(cache);
    let link = usual_link(fleet, cache);
    let mut seen = HashSet::new();
    let clients = fleet.clients(cache);
    let clients = clients.flat_map(|host| keys::client(cache, host));
    let clients: Vec<Literal> = clients.filter(|key| seen.insert(key.clone())).collect();
    let runs_for_cache = cache.sshd == SshdOwner::Wiring;
    let values = [
        ("name", Value::String(cache.host.to_string())),
        ("clients", Value::List(clients)),
        ("address", Value::Raw(address(&link))),
        ("port", Value::Raw(port(&link))),
        (
            "differences",
            Value::String(differences_in(fleet).to_owned()),
        ),
        (
            "proxyJump",
            Value::List(hops(fleet, link.proxy_jump.as_ref())),
        ),
        ("priority", Value::Raw(priority(&link))),
        ("protocol", Value::Raw(protocol(cache))),
        ("identity", Value::Raw(identity(&cache.identity))),
        ("hostKeys", Value::List(keys::host_keys(cache, server))),
        ("signingKeys", Value::List(keys::signing(cache))),
        ("signingKeyName", Value::Raw(signing_key_name(cache))),
        (
            "makeSigningKey",
            Value::Raw(Literal::bool(cache.makes_signing_key())),
        ),
        ("signingKeyFiles", Value::strings(cache.signing_key_files())),
        ("enableSshd", Value::Raw(Literal::bool(runs_for_cache))),
    ];
    modules.add(&file(cache), CACHE, &values);
}

/// That of `nix.sshServe`, and of the clients' URLs; null: harmonia alone serves it.
fn protocol(cache: &Cache) -> Literal {
    let null = || Literal::reference(&["null"]);
    cache.ssh_protocol().map_or_else(null, Literal::string)
}

/// A list of as many as there are files, while the key changes.
fn signing_key_name(cache: &Cache) -> Literal {
    let name = Literal::string(&cache.signing_key_name());
    let next = cache.next_signing_key_name();
    match next.filter(|_| cache.signing_key_files().len() > 1) {
        Some(next) => Literal::rows(&[name, Literal::string(&next)]),
        None => name,
    }
}

/// The rest of a comment: where a reader finds what differs for one host, if that is there.
fn differences_in(fleet: &Fleet) -> &'static str {
    if wired_hosts(fleet).next().is_none() {
        ""
    } else if fleet.import.is_some() {
        " What differs for one host is in ../fleet.nix."
    } else {
        " What differs for one host is in ../hosts."
    }
}

/// What is different for one client: the attributes of the cache's file that it
/// has otherwise. The port of the tunnel is a client's own affair.
pub(super) fn differences(fleet: &Fleet, cache: &Cache, client: &Host) -> Literal {
    let usual = usual_link(fleet, cache);
    let link = fleet.link(cache, client);
    let hops = || Literal::rows(&hops(fleet, link.proxy_jump.as_ref()));
    let tunnel_port = link.tunnel_port.map(|port| Literal::int(port.into()));
    let differences = [
        tunnel_port.map(|port| ("tunnelPort", port)),
        (link.address != usual.address).then(|| ("address", address(&link))),
        (link.tunnel_port.is_none() && fleet.shares_address(&link))
            .then(|| ("sharesAddress", Literal::bool(true))),
        (link.port != usual.port).then(|| ("port", port(&link))),
        (link.proxy_jump != usual.proxy_jump).then(|| ("proxyJump", hops())),
        (link.priority != usual.priority).then(|| ("priority", priority(&link))),
        (path_of(link.identity) != path_of(&cache.identity))
            .then(|| ("identity", identity(link.identity))),
    ];
    Literal::set(differences.into_iter().flatten())
}

/// The link of a client for which the inventory names none of its own.
fn usual_link<'a>(fleet: &'a Fleet, cache: &'a Cache) -> Link<'a> {
    fleet.link(cache, fleet.server(cache))
}

fn address(link: &Link<'_>) -> Literal {
    Literal::string(&link.address)
}

fn port(link: &Link<'_>) -> Literal {
    Literal::int(link.port.into())
}

fn priority(link: &Link<'_>) -> Literal {
    Literal::int(link.priority.into())
}

fn identity(identity: &Identity) -> Literal {
    match path_of(identity) {
        None => Literal::reference(&["null"]),
        Some(path) => Literal::string(path),
    }
}

/// The file of the private key; `None`: the host's own key, wherever it is.
fn path_of(identity: &Identity) -> Option<&AbsolutePath> {
    match identity {
        Identity::HostKey => None,
        Identity::File { path, .. } => Some(path),
    }
}

/// The hosts to go through, each with the names under which `keys.nix` has its host keys.
fn hops(fleet: &Fleet, jump: Option<&ProxyJump>) -> Vec<Literal> {
    let hops = jump.into_iter().flat_map(ProxyJump::hops);
    hops.map(|hop| {
        let names = keys::of_hop(fleet, &hop);
        let names: Vec<Literal> = names.iter().map(|name| Literal::string(name)).collect();
        Literal::set([
            ("host", Literal::string(&hop.address)),
            ("destination", Literal::string(&uri(&hop))),
            ("keys", Literal::rows(&names)),
        ])
    })
    .collect()
}

/// The host as `ssh` takes it for a destination: with a port only as a URI, and there an IPv6
/// address stands in brackets.
fn uri(hop: &Hop) -> String {
    let user = hop.user.iter().map(|user| format!("{user}@"));
    let port = hop.port.iter().map(|port| format!(":{port}"));
    let (user, port) = (user.collect::<String>(), port.collect::<String>());
    if hop.address.contains(':') {
        return format!("ssh://{user}[{}]{port}", hop.address);
    }
    format!("ssh://{user}{}{port}", hop.address)
}
