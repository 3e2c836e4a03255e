//! Wiring that people made by hand, as values for the inventory.
//!
//! Only what can be read is taken; what cannot is said in words
//! ([`AdoptedCache::unread`]), so that nothing is invented.

mod client;
mod server;

use crate::fleet::Host;
use crate::key::{PublicKey, SigningPublicKey};
use crate::repo::Repo;
use crate::survey::machine::{Machine, Survey};

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

/// The caches that are wired by hand among these hosts, by the serving host's
/// name.
pub fn adopted(repo: &Repo, hosts: &[Host]) -> Vec<AdoptedCache> {
    let survey = Survey::new(repo);
    let machines: Vec<(&str, Machine)> = hosts
        .iter()
        .filter_map(|host| Some((host.name.as_str(), survey.machine_of(host)?)))
        .collect();
    let servers: Vec<&str> = machines
        .iter()
        .filter(|(_, machine)| server::serves(machine))
        .map(|(name, _)| *name)
        .collect();
    let mut caches: Vec<AdoptedCache> = machines
        .iter()
        .filter(|(name, _)| servers.contains(name))
        .map(|(name, machine)| server::cache(name, machine))
        .collect();
    for (name, machine) in &machines {
        client::add(&mut caches, name, machine);
    }
    for cache in &mut caches {
        server::give_keys(cache, &machines);
    }
    caches.sort_by(|a, b| a.host.cmp(&b.host));
    caches
}
