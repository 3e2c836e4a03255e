//! The client half of a machine that the flake does not define: a Linux with Nix, or a Mac.
//!
//! What NixOS would put together from modules is a folder of files, and a line in `nix.conf`
//! and in `ssh_config` that includes one of them. The program with which ssh connects needs
//! nothing of Nix's.

mod darwin;
mod files;
mod script;

use serde::Serialize;

use crate::fleet::{Cache, Fleet, Host, HostName, Identity, Link};
use crate::key::PublicKey;

/// The folder of the files.
const DIR: &str = "/etc/larder";

/// What a machine needs to fetch from its caches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportedHost {
    /// The machine.
    pub host: HostName,
    /// The caches that it asks; none: what was exported before goes.
    pub caches: Vec<HostName>,
    /// The stores that it asks, as Nix has them.
    pub substituters: Vec<String>,
    /// The keys that it trusts.
    pub trusted_public_keys: Vec<String>,
    /// The files of the folder; the lines that include them are [`ExportedHost::script`]'s.
    pub files: Vec<ExportedFile>,
    /// The private keys that it makes, to log in with.
    pub makes: Vec<String>,
    /// The public half of its SSH host key, where it logs in with that.
    pub host_key: Option<String>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportedFile {
    /// Where it goes.
    pub path: String,
    /// Its mode, as `chmod` takes it.
    pub mode: &'static str,
    /// All of it.
    pub text: String,
}

/// The half of a client.
#[must_use]
pub fn export(fleet: &Fleet, host: &Host) -> ExportedHost {
    let caches: Vec<&Cache> = fleet
        .caches_of(host)
        .filter(|cache| !cache.is_adopted())
        .collect();
    let ready = caches.iter().copied();
    let ready = ready.filter(|cache| fleet.missing(cache, host).is_empty());
    let links: Vec<Link<'_>> = ready.map(|cache| fleet.link(cache, host)).collect();
    let keys = links.iter().flat_map(|link| link.cache.trusted_keys());
    let mut trusted: Vec<String> = keys.map(ToString::to_string).collect();
    trusted.dedup();
    let makes = makes(fleet, host, &caches);
    let uses_host_key = |link: &Link<'_>| *link.identity == Identity::HostKey;
    let host_key = host.host_key.as_ref().map(PublicKey::to_string);
    ExportedHost {
        host: host.name.clone(),
        caches: links.iter().map(|link| link.cache.host.clone()).collect(),
        substituters: links.iter().map(|link| url(fleet, link)).collect(),
        trusted_public_keys: trusted,
        files: files::all(fleet, &links),
        makes,
        host_key: host_key.filter(|_| links.iter().any(uses_host_key)),
    }
}

/// Several connections are for a Nix whose version is known.
fn url(fleet: &Fleet, link: &Link<'_>) -> String {
    format!("{}?priority={}", fleet.store_url(link), link.priority)
}

/// Also for a cache that waits for the public half.
fn makes(fleet: &Fleet, host: &Host, caches: &[&Cache]) -> Vec<String> {
    let made = |cache: &&Cache| match fleet.identity(cache, host) {
        Identity::File {
            path, make: true, ..
        } => Some(path.to_string()),
        _ => None,
    };
    let mut made: Vec<String> = caches.iter().filter_map(made).collect();
    made.sort();
    made.dedup();
    made
}

#[cfg(test)]
mod tests;
