//! Hosts with the same address.

use std::collections::BTreeMap;

use crate::fleet::{Fleet, Host, HostName, SSH_PORT};
use crate::lint::context::fleet::Context;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

/// An address, a port, and the jump host behind which it is: the same private address
/// behind two jump hosts is two places.
type SshEndpoint = (String, u16, String);

/// Two hosts with the same address and port.
pub(in crate::lint) struct SameAddress<'a> {
    first: &'a Host,
    second: &'a Host,
}

impl Context<'_> {
    /// The pairs of hosts with the same address and port.
    pub(in crate::lint) fn repeated_addresses(&self) -> impl Iterator<Item = SameAddress<'_>> {
        let pairs = self.repeated_addresses.get_or_init(|| repeated(self.fleet));
        pairs.iter().filter_map(|[first, second]| {
            Some(SameAddress {
                first: self.fleet.hosts.get(first)?,
                second: self.fleet.hosts.get(second)?,
            })
        })
    }
}

impl SameAddress<'_> {
    /// True if one of the two is a cache.
    pub(in crate::lint) fn serves(&self, fleet: &Fleet) -> bool {
        let is_cache = |host: &Host| fleet.caches.contains_key(&host.name);
        is_cache(self.first) || is_cache(self.second)
    }

    /// That they have it.
    pub(in crate::lint) fn violation(&self, fleet: &Fleet) -> Violation {
        let (first, second) = (self.first, self.second);
        let message = format!(
            "`{}` and `{}` have the same address",
            first.name, second.name
        );
        Violation::new(Subject::hosts(first, second), message)
            .at_key_of_host(fleet, second, "address", "the same again")
            .at_key_of_host(fleet, first, "address", "first here")
            .help("correct one of the two, or give each its `port`")
    }
}

fn repeated(fleet: &Fleet) -> Vec<[HostName; 2]> {
    let mut first: BTreeMap<SshEndpoint, &Host> = BTreeMap::new();
    let mut pairs = Vec::new();
    for host in fleet.hosts.values() {
        let Some(place) = place(host) else {
            continue;
        };
        match first.get(&place) {
            Some(other) => pairs.push([other.name.clone(), host.name.clone()]),
            None => drop(first.insert(place, host)),
        }
    }
    pairs
}

fn place(host: &Host) -> Option<SshEndpoint> {
    let address = host.address.as_ref()?;
    let jump = host.proxy_jump.as_ref().map(ToString::to_string);
    Some((
        address.to_lowercase(),
        host.port.unwrap_or(SSH_PORT),
        jump.unwrap_or_default(),
    ))
}
