//! A host that serves its store, and the ways to it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{AbsolutePath, Address, Host, HostName, Identity, ProxyJump, Selector};
use crate::key::SigningPublicKey;

/// The priority that cache.nixos.org declares; lower is asked first.
pub const PUBLIC_PRIORITY: u16 = 40;
const LAN_PRIORITY: u16 = 30;
const REMOTE_PRIORITY: u16 = 41;
const SSH_PORT: u16 = 22;

/// A host that serves its store through `nix.sshServe`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cache {
    /// The serving host.
    pub host: HostName,
    /// Who reads from it.
    pub clients: Vec<Selector>,
    /// Who of those does not.
    pub except: Vec<Selector>,
    /// The clients are on its local network: asked before cache.nixos.org.
    pub lan: bool,
    /// The substituter's priority, where the user sets a number; lower is asked
    /// first.
    pub priority: Option<u16>,
    /// How store paths travel.
    pub protocol: Protocol,
    /// The identity of its clients, unless a host has its own.
    pub identity: Identity,
    /// The public half of the key that signs what it builds.
    pub signing_key: SigningKey,
    /// Absolute path of the secret half on the serving host; `None`: the default
    /// of [`Cache::signing_key_file`].
    pub signing_key_file: Option<AbsolutePath>,
    /// The user agreed that sshd is turned on for it.
    pub enable_sshd: bool,
    /// Who writes its wiring.
    pub wiring: Wiring,
    /// Where one client's way differs.
    pub links: BTreeMap<HostName, Link>,
    /// The bytes of its header in the inventory.
    pub range: Range<usize>,
}

/// How store paths travel between cache and client; both sides must agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Protocol {
    /// `ssh://`, served by `nix-store --serve`: read-only.
    #[default]
    Ssh,
    /// `ssh-ng://`, served by `nix-daemon --stdio`.
    SshNg,
}

/// What is known of the key that signs what a cache builds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SigningKey {
    /// Its public half is not in the inventory yet.
    Pending,
    /// Clients can trust it.
    Known(SigningPublicKey),
}

/// Who writes a cache's wiring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Wiring {
    /// larder does, in owned modules.
    #[default]
    Owned,
    /// It was there by hand: larder judges it and generates nothing.
    Adopted,
}

/// Where one client's way to a cache differs from the others'.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The name or IP address that this client uses.
    pub address: Option<Address>,
    /// The port that this client uses.
    pub port: Option<u16>,
    /// The host through which this client goes.
    pub proxy_jump: Option<ProxyJump>,
    /// This client is on the cache's local network, or is not.
    pub lan: Option<bool>,
    /// The substituter's priority for this client.
    pub priority: Option<u16>,
}

/// One client's way to one cache with every default filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedLink {
    /// The name or IP address in the store URL.
    pub address: Address,
    /// The port of the cache's sshd.
    pub port: u16,
    /// The host to go through, if any.
    pub proxy_jump: Option<ProxyJump>,
    /// True where the user called it a LAN.
    pub lan: bool,
    /// The substituter's priority.
    pub priority: u16,
}

impl FromStr for Protocol {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "ssh" => Ok(Self::Ssh),
            "ssh-ng" => Ok(Self::SshNg),
            _ => Err("it is `ssh` or `ssh-ng`".to_owned()),
        }
    }
}

impl Protocol {
    /// The word in `larder.toml`, in `nix.sshServe.protocol` and in store URLs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ssh => "ssh",
            Self::SshNg => "ssh-ng",
        }
    }
}

impl SigningKey {
    /// The public half, once it is known.
    pub fn known(&self) -> Option<&SigningPublicKey> {
        match self {
            Self::Pending => None,
            Self::Known(key) => Some(key),
        }
    }
}

impl Cache {
    /// A cache of which nothing but its host is known: no clients yet, and every
    /// default.
    pub fn of(host: HostName) -> Self {
        Self {
            host,
            clients: Vec::new(),
            except: Vec::new(),
            lan: false,
            priority: None,
            protocol: Protocol::default(),
            identity: Identity::HostKey,
            signing_key: SigningKey::Pending,
            signing_key_file: None,
            enable_sshd: false,
            wiring: Wiring::default(),
            links: BTreeMap::new(),
            range: 0..0,
        }
    }

    /// True if the host is a client of this cache.
    pub fn serves(&self, host: &Host) -> bool {
        host.name != self.host
            && self.clients.iter().any(|c| c.matches(host))
            && !self.except.iter().any(|e| e.matches(host))
    }

    /// Where the secret half of the signing key lies on the serving host.
    ///
    /// # Panics
    /// Never: the default of every host name is an absolute path.
    pub fn signing_key_file(&self) -> AbsolutePath {
        self.signing_key_file.clone().unwrap_or_else(|| {
            format!("/var/lib/larder/{}-1.secret", self.host)
                .parse()
                .expect("a host name is good as a part of a path")
        })
    }

    /// The alias under which clients pin the cache's host key.
    pub fn host_key_alias(&self) -> String {
        format!("larder-{}", self.host)
    }

    pub(super) fn link_from(&self, server: &Host, client: &Host) -> ResolvedLink {
        let link = self.links.get(&client.name).cloned().unwrap_or_default();
        let lan = link.lan.unwrap_or(self.lan);
        // Away from home, a cache that is asked first costs three attempts for
        // every public path too: only this client's own link says that it is near.
        let is_away_at_times = client.roaming && client.name != self.host && link.lan.is_none();
        let by_distance = if lan && !is_away_at_times {
            LAN_PRIORITY
        } else {
            REMOTE_PRIORITY
        };
        ResolvedLink {
            address: link.address.unwrap_or_else(|| server.address()),
            port: link.port.or(server.port).unwrap_or(SSH_PORT),
            proxy_jump: link.proxy_jump.or_else(|| server.proxy_jump.clone()),
            lan,
            priority: link.priority.or(self.priority).unwrap_or(by_distance),
        }
    }
}
