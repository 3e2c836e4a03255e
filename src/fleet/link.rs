//! One client's way to one cache.

use super::{Address, Cache, Fleet, Host, Identity, ProxyJump};
use crate::fleet::ssh::{SSH_PORT, SSH_USER};
use crate::key::PublicKey;

/// The priority that cache.nixos.org declares; lower is asked first.
pub const PUBLIC_PRIORITY: u16 = 40;

const LAN_PRIORITY: u16 = 30;
const REMOTE_PRIORITY: u16 = 41;

/// How far a client is from a cache.
#[derive(Clone, Copy)]
pub(super) struct LinkDistance {
    /// Both are on one local network.
    pub(super) lan: bool,
    /// The client is a laptop, and nothing says that its own link is near.
    pub(super) is_away_at_times: bool,
}

/// The priority of a cache where nobody sets a number.
pub(super) fn priority_of(distance: LinkDistance) -> u16 {
    if distance.lan && !distance.is_away_at_times {
        LAN_PRIORITY
    } else {
        REMOTE_PRIORITY
    }
}

/// One client's way to one cache, with every default filled in.
#[derive(Debug, Clone)]
pub struct Link<'a> {
    /// The cache that is read from.
    pub cache: &'a Cache,
    /// The host that serves it.
    pub server: &'a Host,
    /// The host that reads from it.
    pub client: &'a Host,
    /// The key with which the client logs in.
    pub identity: &'a Identity,
    /// The name or IP address at which the cache is reached.
    pub address: Address,
    /// The port of the cache's sshd.
    pub port: u16,
    /// The host to go through, if any.
    pub proxy_jump: Option<ProxyJump>,
    /// Both are on one local network: asked before cache.nixos.org.
    pub lan: bool,
    /// The substituter's priority.
    pub priority: u16,
    /// The port of 127.0.0.1 where the client has its end of the tunnel; `None`: Nix starts ssh.
    pub tunnel_port: Option<u16>,
}

impl<'a> Link<'a> {
    pub(super) fn new(fleet: &'a Fleet, cache: &'a Cache, client: &'a Host) -> Self {
        let server = fleet.server(cache);
        let own = cache.link_overrides.get(&client.name);
        let own = own.cloned().unwrap_or_default();
        let lan = own.lan.unwrap_or(cache.lan);
        // Away from home, a cache that is asked first costs three attempts for
        // every public path too: only this client's own link says that it is near.
        let is_away_at_times = client.roaming && client.name != cache.host && own.lan.is_none();
        let by_distance = priority_of(LinkDistance {
            lan,
            is_away_at_times,
        });
        Self {
            cache,
            server,
            client,
            identity: fleet.identity(cache, client),
            address: own.address.unwrap_or_else(|| server.address()),
            port: own.port.or(server.port).unwrap_or(SSH_PORT),
            proxy_jump: own.proxy_jump.or_else(|| server.proxy_jump.clone()),
            lan,
            priority: own.priority.or(cache.priority).unwrap_or(by_distance),
            tunnel_port: cache.is_tunnelled().then(|| fleet.tunnel_port(cache)),
        }
    }

    /// True if people wired it by hand: larder judges it and generates nothing.
    pub fn is_adopted(&self) -> bool {
        self.cache.is_adopted()
    }

    /// True if Nix starts no ssh: the client holds a connection of its own.
    pub fn is_tunnelled(&self) -> bool {
        self.tunnel_port.is_some()
    }

    /// True for a store URL that leads to the client's end of the tunnel.
    pub fn is_tunnel_url(&self, url: &str) -> bool {
        let port = self.tunnel_port.map(|port| port.to_string());
        let rest = url.strip_prefix("http://127.0.0.1:");
        let said = rest.and_then(|rest| rest.split(['/', '?']).next());
        port.is_some() && said == port.as_deref()
    }

    /// True for the host in a store URL of the client's that leads to this cache: its address,
    /// or the name that larder's own wiring gives it beside others.
    pub fn is_store_host(&self, host: &str) -> bool {
        host == self.address.as_str() || (!self.is_adopted() && host == self.cache.ssh_alias())
    }

    /// The public half of the key with which the client logs in, once it is known.
    pub fn identity_key(&self) -> Option<&'a PublicKey> {
        self.identity.public_key(self.client)
    }
}

impl Fleet {
    /// True if the client has another cache at the address of this one: behind another port,
    /// or behind another jump host.
    pub fn shares_address(&self, link: &Link<'_>) -> bool {
        let others = self.caches_of(link.client);
        let mut others = others.filter(|other| other.host != link.cache.host);
        others.any(|other| self.link(other, link.client).address == link.address)
    }

    /// The store URL that the wiring gives a client, without its parameters.
    pub fn store_url(&self, link: &Link<'_>) -> String {
        match (link.tunnel_port, link.cache.engine.ssh_protocol()) {
            (None, Some(protocol)) => format!("{protocol}://{SSH_USER}@{}", self.store_host(link)),
            (port, _) => format!("http://127.0.0.1:{}", port.unwrap_or_default()),
        }
    }

    /// The host in the store URL that the wiring gives a client: an IPv6 address is in brackets.
    pub fn store_host(&self, link: &Link<'_>) -> String {
        match link.address.as_str() {
            _ if self.shares_address(link) => link.cache.ssh_alias(),
            address if address.contains(':') => format!("[{address}]"),
            address => address.to_owned(),
        }
    }
}
