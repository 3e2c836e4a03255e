//! `caches/NAME.nix`: one cache, as its host and its clients know it.

use std::collections::HashSet;

use super::keys;
use super::modules::{Rendering, differences_in};
use crate::fleet::{Cache, Fleet, Host, Identity, Link, ProxyJump, SecretFile, SshdOwner};
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
    let signing_key_files = cache.signing_key_files();
    let signing_key_files = signing_key_files.iter().map(secret_file).collect();
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
        ("signingKeyFiles", Value::List(signing_key_files)),
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
        (file_of(link.identity) != file_of(&cache.identity))
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
    match file_of(identity) {
        None => Literal::reference(&["null"]),
        Some(file) => secret_file(file),
    }
}

/// A path; or the name of a secret, and where `config` declares it.
pub(super) fn secret_file(file: &SecretFile) -> Literal {
    match file {
        SecretFile::Path(path) => Literal::string(path),
        SecretFile::Managed(secret) => Literal::set([
            ("secret", Literal::string(&secret.to_string())),
            ("declared", Literal::lookup(&secret.declaration())),
        ]),
    }
}

/// The file of the private key; `None`: the host's own key, wherever it is.
fn file_of(identity: &Identity) -> Option<&SecretFile> {
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
            ("destination", Literal::string(&hop.uri())),
            ("keys", Literal::rows(&names)),
        ])
    })
    .collect()
}
