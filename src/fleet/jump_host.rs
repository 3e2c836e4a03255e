//! The machines through which others are reached, and the keys by which they are known.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Address, Fleet, Hop, Host, ProxyJump, SSH_PORT};
use crate::key::PublicKey;

/// A machine that others are reached through, and that is no host of the fleet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JumpHost {
    /// As `proxy-jump` names it.
    pub address: Address,
    /// The public half of its SSH host key.
    pub host_key: PublicKey,
    /// The bytes of its header in the inventory.
    pub range: Range<usize>,
}

impl Fleet {
    /// The host of the fleet that a hop goes through: by its name, or by the place where the
    /// others reach it.
    pub fn host_of_hop(&self, hop: &Hop) -> Option<&Host> {
        let is_there = |host: &&Host| {
            let (port, of_hop) = (host.port.unwrap_or(SSH_PORT), hop.port.unwrap_or(SSH_PORT));
            host.address() == hop.address && port == of_hop
        };
        let by_name = self.hosts.get(hop.address.as_str());
        by_name.or_else(|| self.hosts.values().find(is_there))
    }

    /// The host keys by which clients know a hop; none: they do not know it beforehand.
    pub fn hop_keys(&self, hop: &Hop) -> Vec<&PublicKey> {
        let of_host = self.host_of_hop(hop).map(|host| host.host_keys().collect());
        let of_host = of_host.filter(|keys: &Vec<_>| !keys.is_empty());
        of_host.unwrap_or_else(|| {
            let own = self.jump_hosts.get(&hop.address);
            own.map(|own| &own.host_key).into_iter().collect()
        })
    }

    /// The hops that are no hosts of the fleet, each once, and the way to each.
    pub fn foreign_hops(&self) -> Vec<(Hop, Option<ProxyJump>)> {
        let of_hosts = self.hosts.values().map(|host| &host.proxy_jump);
        let links = self
            .caches
            .values()
            .flat_map(|cache| cache.link_overrides.values());
        let jumps = of_hosts.chain(links.map(|link| &link.proxy_jump)).flatten();
        let mut all: Vec<(Hop, Option<ProxyJump>)> = Vec::new();
        for (hop, way) in jumps.flat_map(ProxyJump::ways) {
            let is_known = all.iter().any(|(other, _)| other.address == hop.address);
            if !is_known && self.host_of_hop(&hop).is_none() {
                all.push((hop, way));
            }
        }
        all
    }
}
