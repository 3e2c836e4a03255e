//! Wiring that people made by hand, as values for the inventory.
//!
//! Only what can be read is taken; what cannot is said in words
//! ([`AdoptedCache::unread`]), so that nothing is invented.

mod client;
mod server;

use self::server::Serves;
use crate::fleet::Host;
use crate::key::{PublicKey, SigningPublicKey};
use crate::survey::files::Survey;
use crate::survey::machine::Machine;

/// The wiring that is there by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopted {
    /// The caches, by the serving host's name.
    pub caches: Vec<AdoptedCache>,
    /// Files that make one of several hosts serve, and which one depends on more
    /// than they say.
    pub unclear: Vec<String>,
}

/// A cache that is served and used by hand-written Nix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptedCache {
    /// The serving host.
    pub host: String,
    /// `ssh` or `ssh-ng`, as served.
    pub protocol: String,
    /// Who reads from it, by name.
    pub clients: Vec<AdoptedClient>,
    /// The public half of its signing key.
    pub signing_key: Option<SigningPublicKey>,
    /// The absolute path of the secret half on the serving host.
    pub signing_key_file: Option<String>,
    /// What could not be read, in words.
    pub unread: Vec<String>,
}

/// One client's half of an adopted cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptedClient {
    /// Its name.
    pub host: String,
    /// The name or IP address in its substituter.
    pub address: String,
    /// A port, from the substituter or its ssh block.
    pub port: Option<u16>,
    /// The substituter's priority; `None`: not said, which is 0.
    pub priority: Option<u16>,
    /// The absolute path of the private key with which it logs in.
    pub identity: Option<String>,
    /// The public half of that key.
    pub identity_key: Option<PublicKey>,
    /// The cache's host key that it expects.
    pub pin: Option<PublicKey>,
}

/// What is wired by hand among these hosts.
pub fn adopted(survey: &Survey<'_>, hosts: &[Host]) -> Adopted {
    let machines: Vec<(&str, Machine)> = hosts
        .iter()
        .filter_map(|host| Some((host.name.as_str(), survey.machine_of(host)?)))
        .collect();
    let mut caches = Vec::new();
    let mut unclear = Vec::new();
    for (name, machine) in &machines {
        match server::serves(machine, &machines) {
            Serves::No => {}
            Serves::Yes => caches.push(server::cache(name, machine)),
            Serves::Unclear(file) if unclear.contains(&file) => {}
            Serves::Unclear(file) => unclear.push(file),
        }
    }
    for (name, machine) in &machines {
        client::add(&mut caches, name, machine);
    }
    for cache in &mut caches {
        server::give_keys(cache, &machines);
    }
    caches.sort_by(|a, b| a.host.cmp(&b.host));
    Adopted { caches, unclear }
}
