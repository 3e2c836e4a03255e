//! The client half of a machine that the flake does not define: a Linux with Nix, or a Mac.
//!
//! What NixOS would put together from modules is a folder of files, and a line in `nix.conf`
//! and in `ssh_config` that includes one of them. The program with which ssh connects needs
//! nothing of Nix's.

mod darwin;
mod files;
mod script;

use serde::Serialize;

use crate::fleet::{Cache, ExternalCache, Fleet, Host, HostName, Identity, Link};
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
    /// The file with the logins for caches over http(s); who owns the machine puts it there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub netrc_file: Option<String>,
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

/// What Nix is told.
struct NixConf<'a> {
    substituters: &'a [String],
    trusted_public_keys: &'a [String],
    netrc_file: Option<&'a str>,
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
    let elsewhere = elsewhere(fleet, host);
    let keys = links.iter().flat_map(|link| link.cache.trusted_keys());
    let mut trusted: Vec<String> = keys.map(ToString::to_string).collect();
    let keys = elsewhere.iter().flat_map(|cache| &cache.signing_keys);
    trusted.extend(keys.map(ToString::to_string));
    trusted.dedup();
    let urls = links.iter().map(|link| url(fleet, link));
    let urls = urls.chain(elsewhere.iter().map(|cache| url_of_external(cache, host)));
    let substituters: Vec<String> = urls.collect();
    let netrc = elsewhere.iter().find_map(|cache| cache.netrc_file.as_ref());
    let netrc_file = netrc.map(|file| file.path(&host.name).to_string());
    let names = links.iter().map(|link| &link.cache.host);
    let names = names.chain(elsewhere.iter().map(|cache| &cache.name));
    let makes = makes(fleet, host, &caches);
    let uses_host_key = |link: &Link<'_>| *link.identity == Identity::HostKey;
    let host_key = host.host_key.as_ref().map(PublicKey::to_string);
    ExportedHost {
        host: host.name.clone(),
        caches: names.cloned().collect(),
        files: files::all(
            fleet,
            &links,
            &NixConf {
                substituters: &substituters,
                trusted_public_keys: &trusted,
                netrc_file: netrc_file.as_deref(),
            },
        ),
        substituters,
        trusted_public_keys: trusted,
        netrc_file,
        makes,
        host_key: host_key.filter(|_| links.iter().any(uses_host_key)),
    }
}

/// Several connections are for a Nix whose version is known.
fn url(fleet: &Fleet, link: &Link<'_>) -> String {
    format!("{}?priority={}", fleet.store_url(link), link.priority)
}

/// The caches elsewhere that the machine can ask.
fn elsewhere<'f>(fleet: &'f Fleet, host: &'f Host) -> Vec<&'f ExternalCache> {
    let owned = fleet
        .external_caches_of(host)
        .filter(|cache| !cache.is_adopted());
    owned
        .filter(|cache| fleet.missing_for_external(cache, host).is_empty())
        .collect()
}

/// Without NixOS a secret is where agenix and sops-nix put it by themselves.
fn url_of_external(cache: &ExternalCache, host: &Host) -> String {
    let url = &cache.url;
    let (begin, priority) = (
        if url.contains('?') { '&' } else { '?' },
        cache.priority_for(host),
    );
    let tls = cache.tls.iter().map(|tls| {
        let (certificate, key) = (
            tls.certificate.path(&host.name),
            tls.private_key.path(&host.name),
        );
        format!("&tls-certificate={certificate}&tls-private-key={key}")
    });
    format!("{url}{begin}priority={priority}{}", tls.collect::<String>())
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
