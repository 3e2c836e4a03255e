//! A host that serves its store.

use std::collections::BTreeMap;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Host, HostName, Identity, LinkOverride, SecretFile, Selector, Successor};
use crate::key::SigningPublicKey;

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
