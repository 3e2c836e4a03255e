//! Wiring that people made by hand, as values for the inventory.
//!
//! Only what can be read is taken; what cannot is said in words
//! ([`AdoptedCache::unread`]), so that nothing is invented.

mod cache;
mod client;
mod elsewhere;
mod server;

pub use self::cache::{AdoptedCache, AdoptedClient};
pub use self::elsewhere::AdoptedExternal;
use self::server::Serves;
use crate::fleet::Host;
use crate::survey::host_survey::HostSurvey;
use crate::survey::machine::Machine;

/// The wiring that is there by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopted {
    /// The caches, by the serving host's name.
    pub caches: Vec<AdoptedCache>,
    /// The caches elsewhere that clients name, in the order of the hosts.
    pub elsewhere: Vec<AdoptedExternal>,
    /// Files that make hosts serve under a condition of which it is not known whether it
    /// holds.
    pub unclear: Vec<String>,
}

/// What is wired by hand among these hosts.
pub fn adopted(survey: &HostSurvey<'_>, hosts: &[Host]) -> Adopted {
    let machines: Vec<(&str, Machine)> = hosts
        .iter()
        .filter_map(|host| Some((host.name.as_str(), survey.machine(host)?)))
        .collect();
    let mut caches = Vec::new();
    let mut unclear = Vec::new();
    for (name, machine) in &machines {
        match server::serves(machine) {
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
    Adopted {
        caches,
        elsewhere: elsewhere::all(&machines),
        unclear,
    }
}
