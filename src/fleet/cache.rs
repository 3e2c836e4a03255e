//! A host that serves its store.

use std::collections::BTreeMap;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{AbsolutePath, Host, HostName, Identity, LinkOverride, Selector};
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
    /// The public half of the key that signs what it builds.
    pub signing_key: SigningKey,
    /// Absolute path of the secret half on the serving host; `None`: the default
    /// of [`Cache::signing_key_file`].
    pub signing_key_file: Option<AbsolutePath>,
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
            signing_key_file: None,
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

    /// True if the serving host makes the secret half where it is missing; else somebody
    /// puts it there: by hand, or with agenix, sops or clan.
    pub fn makes_signing_key(&self) -> bool {
        // An inventory without a word means what it meant to larder 0.1, which went by the
        // name of the folder.
        let is_in_own_folder = |file: &AbsolutePath| {
            let folder = file.rsplit('/').nth(1);
            folder == Some("larder")
        };
        let by_file = || self.signing_key_file.as_ref().is_none_or(is_in_own_folder);
        self.make_signing_key.unwrap_or_else(by_file)
    }

    /// The name of its signing key, which is a part of every signature: that of the key
    /// that is known, else the one with which the host makes it.
    pub fn signing_key_name(&self) -> String {
        let known = self.signing_key.known();
        known.map_or_else(|| format!("{}-1", self.host), |key| key.name().to_owned())
    }

    /// True if Nix on the serving host may be told of the file: a build fails where a
    /// file that is named is missing.
    pub fn has_signing_key_file(&self) -> bool {
        self.makes_signing_key() || self.signing_key.known().is_some()
    }

    /// The name that the cache has for ssh in larder's wiring: in the store URL, and for the
    /// host key that clients pin.
    pub fn ssh_alias(&self) -> String {
        format!("larder-{}", self.host)
    }
}
