//! A host that serves its store.

use std::collections::BTreeMap;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::ssh::{SSH_USER, TUNNEL_USER};
use super::{Host, HostName, Identity, LinkOverride, SecretFile, Selector, Successor};
use crate::key::SigningPublicKey;

/// A host that serves its store.
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
    /// How it serves, and its clients fetch.
    pub engine: Engine,
    /// How it goes on serving while its clients change to [`Cache::engine`].
    pub former_engine: Option<Engine>,
    /// The inventory has the engine under its name of larder 0.1, `protocol`.
    pub is_called_protocol: bool,
    /// The port of the tunnel on its clients, where the user sets a number; `None`: the
    /// default of [`Fleet::tunnel_port`].
    ///
    /// [`Fleet::tunnel_port`]: super::Fleet::tunnel_port
    pub tunnel_port: Option<u16>,
    /// The identity of its clients, unless a host has its own.
    pub identity: Identity,
    /// The public half of the key that signs what it builds; the old one while it changes.
    pub signing_key: SigningKey,
    /// The signing key that takes its place.
    pub next_signing_key: Option<Successor<SigningPublicKey>>,
    /// The secret half on the serving host; `None`: the default of
    /// [`Cache::signing_key_file`].
    pub signing_key_file: Option<SecretFile>,
    /// Where the secret half of the next key lies, if the serving host does not make it;
    /// `None`: the default of [`Cache::next_signing_key_file`].
    pub next_signing_key_file: Option<SecretFile>,
    /// Whether the serving host makes the secret half where it is missing; `None`: the
    /// default of [`Cache::makes_signing_key`].
    pub make_signing_key: Option<bool>,
    /// Who turns its sshd on.
    pub sshd: SshdOwner,
    /// Who writes its wiring.
    pub wiring: Wiring,
    /// Where the link of one client differs from the others'.
    pub link_overrides: BTreeMap<HostName, LinkOverride>,
    /// The bytes of its header in the inventory.
    pub range: Range<usize>,
}

/// How a cache serves its store; both sides must agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Engine {
    /// `ssh://`, served by `nix-store --serve`: read-only.
    #[default]
    Ssh,
    /// `ssh-ng://`, served by `nix-daemon --stdio`.
    SshNg,
    /// HTTP inside one ssh connection, served by `services.harmonia`: read-only.
    Harmonia,
}

/// What is known of the key that signs what a cache builds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SigningKey {
    /// Its public half is not in the inventory yet.
    Pending,
    /// Clients can trust it.
    Known(SigningPublicKey),
}

/// Who turns sshd on, on the host of a cache. `nix.sshServe` does so too, and then sshd
/// takes passwords.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum SshdOwner {
    /// Nobody has said: a module of the host, or `nix.sshServe` alone.
    #[default]
    Unsaid,
    /// larder's wiring does, for keys only.
    Wiring,
    /// A module does that larder cannot read.
    Elsewhere,
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

impl FromStr for Engine {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "ssh" => Ok(Self::Ssh),
            "ssh-ng" => Ok(Self::SshNg),
            "harmonia" => Ok(Self::Harmonia),
            _ => Err("it is `ssh`, `ssh-ng` or `harmonia`".to_owned()),
        }
    }
}

impl Engine {
    /// The word in `larder.toml`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Harmonia => "harmonia",
            _ => self.ssh_protocol().unwrap_or_default(),
        }
    }

    /// The word in `nix.sshServe.protocol` and in store URLs; `None`: Nix does not start ssh.
    pub fn ssh_protocol(self) -> Option<&'static str> {
        match self {
            Self::Ssh => Some("ssh"),
            Self::SshNg => Some("ssh-ng"),
            Self::Harmonia => None,
        }
    }

    /// True if a host can serve by both at once.
    pub fn goes_with(self, other: Self) -> bool {
        (self == Self::Harmonia) != (other == Self::Harmonia)
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
            engine: Engine::default(),
            former_engine: None,
            is_called_protocol: false,
            tunnel_port: None,
            identity: Identity::HostKey,
            signing_key: SigningKey::Pending,
            next_signing_key: None,
            signing_key_file: None,
            next_signing_key_file: None,
            make_signing_key: None,
            sshd: SshdOwner::default(),
            wiring: Wiring::default(),
            link_overrides: BTreeMap::new(),
            range: 0..0,
        }
    }

    /// How it serves: by one engine, or by the old one and the new one.
    pub fn engines(&self) -> impl Iterator<Item = Engine> {
        self.former_engine.into_iter().chain([self.engine])
    }

    /// The protocol of `nix.sshServe`; `None`: the cache is served by harmonia alone.
    pub fn ssh_protocol(&self) -> Option<&'static str> {
        self.engines().find_map(Engine::ssh_protocol)
    }

    /// True if harmonia serves it, perhaps beside `nix.sshServe`.
    pub fn has_harmonia(&self) -> bool {
        self.engines().any(|engine| engine == Engine::Harmonia)
    }

    /// The user as whom its clients log in.
    pub fn login_user(&self) -> &'static str {
        if self.is_tunnelled() {
            TUNNEL_USER
        } else {
            SSH_USER
        }
    }

    /// True if its clients fetch through a tunnel of their own, and Nix starts no ssh.
    pub fn is_tunnelled(&self) -> bool {
        self.engine == Engine::Harmonia
    }

    /// True if the host is a client of this cache.
    pub fn serves(&self, host: &Host) -> bool {
        host.name != self.host
            && self.clients.iter().any(|c| c.matches(host))
            && !self.except.iter().any(|e| e.matches(host))
    }

    /// True if people wired it by hand: larder judges it and generates nothing.
    pub fn is_adopted(&self) -> bool {
        self.wiring == Wiring::Adopted
    }

    /// The name that the cache has for ssh in larder's wiring: for the host key that clients
    /// pin, and in the store URL of a client that has another cache at the same address.
    pub fn ssh_alias(&self) -> String {
        format!("larder-{}", self.host)
    }
}
