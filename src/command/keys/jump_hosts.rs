//! Jump hosts that are no hosts of the fleet, as far as their host keys are concerned.

use crate::fleet::{Address, Fleet, Host, HostName, JumpHost};
use crate::key::PublicKey;

/// True if clients go through a machine of this name that is no host of the fleet.
pub(super) fn is_one(fleet: &Fleet, name: &HostName) -> bool {
    let is_its = |host: &Host| host.name == *name;
    !fleet.hosts.contains_key(name) && all(fleet).iter().any(is_its)
}

/// All of them that can be asked, as hosts of which nothing but the way is known, and the key.
pub(super) fn all(fleet: &Fleet) -> Vec<Host> {
    let hops = fleet.foreign_hops().into_iter();
    let hosts = hops.filter_map(|(hop, way)| {
        let known = fleet.jump_hosts.get(&hop.address);
        Some(Host {
            address: Some(hop.address.clone()),
            port: hop.port,
            proxy_jump: way,
            host_key: known.map(|known| known.host_key.clone()),
            // A name has what an IPv6 address lacks: the inventory alone can say such a key.
            ..Host::named(hop.address.parse().ok()?)
        })
    });
    hosts.collect()
}

/// The host key that is known of one.
pub(super) fn known<'f>(fleet: &'f Fleet, name: &HostName) -> Option<&'f PublicKey> {
    let mut known = fleet.jump_hosts.values();
    let known = known.find(|known| known.address.as_str() == name.as_str());
    known.map(|known| &known.host_key)
}

/// Gives one a host key.
pub(super) fn set_key(fleet: &mut Fleet, name: &HostName, key: &PublicKey) {
    let address = Address::from(name);
    let jump_host = JumpHost {
        address: address.clone(),
        host_key: key.clone(),
        range: 0..0,
    };
    fleet.jump_hosts.insert(address, jump_host);
}
