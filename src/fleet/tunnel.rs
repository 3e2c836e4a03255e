//! The tunnel through which a client reaches a cache that harmonia serves.

use std::collections::BTreeMap;

use super::{Cache, Fleet, HostName};

/// The first port that is given to a tunnel, and how many there are: below those that Linux
/// gives to connections, and few programs have one there by default.
const PORTS: (u16, u16) = (21000, 8000);

impl Fleet {
    /// The port of 127.0.0.1 where the clients of a cache have their end of the tunnel: no two
    /// caches have one port.
    pub fn tunnel_port(&self, cache: &Cache) -> u16 {
        let ports = self.tunnel_ports();
        ports.get(&cache.host).copied().unwrap_or(PORTS.0)
    }

    /// What the user says comes first; then, by name, the port that follows from a name, or
    /// the next one that is free.
    fn tunnel_ports(&self) -> BTreeMap<&HostName, u16> {
        let tunnelled = || self.caches.values().filter(|cache| cache.has_harmonia());
        let said = tunnelled().filter_map(|cache| Some((&cache.host, cache.tunnel_port?)));
        let mut ports: BTreeMap<&HostName, u16> = said.collect();
        for cache in tunnelled().filter(|cache| cache.tunnel_port.is_none()) {
            let is_free = |port: &u16| !ports.values().any(|taken| taken == port);
            let port = candidates(&cache.host).find(is_free);
            ports.insert(&cache.host, port.unwrap_or(PORTS.0));
        }
        ports
    }
}

/// Every port of a tunnel, from the one that follows from the name on (FNV-1a).
fn candidates(name: &HostName) -> impl Iterator<Item = u16> {
    let (first, count) = PORTS;
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    let start = u16::try_from(hash % u32::from(count)).unwrap_or_default();
    (0..count).map(move |step| first + (start + step) % count)
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Source;
    use crate::fleet::{Fleet, read};

    fn ports(caches: &str) -> Vec<u16> {
        let hosts = "[hosts.a]\n[hosts.b]\n[hosts.c]\n";
        let text = format!("version = 1\n{hosts}{caches}");
        let fleet: Fleet = read(&Source::new("larder.toml", text)).unwrap();
        let caches = fleet.caches.values();
        caches.map(|cache| fleet.tunnel_port(cache)).collect()
    }

    #[test]
    fn a_port_follows_from_the_name_alone() {
        let one = ports("[caches.b]\nserve = \"harmonia\"\n");
        let all = ports(
            "[caches.a]\nserve = \"harmonia\"\n[caches.b]\nserve = \"harmonia\"\n[caches.c]\nserve = \"harmonia\"\n",
        );
        assert_eq!(all[1], one[0]);
        assert!(all.iter().all(|port| (21000..29000).contains(port)));
    }

    #[test]
    fn no_two_caches_have_one_port() {
        let own = ports("[caches.b]\nserve = \"harmonia\"\n")[0];
        let text = format!(
            "[caches.a]\nserve = \"harmonia\"\ntunnel-port = {own}\n[caches.b]\nserve = \"harmonia\"\n"
        );
        assert_eq!(ports(&text), [own, own + 1]);
    }
}
