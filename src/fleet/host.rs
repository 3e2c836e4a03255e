//! One machine.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{AbsolutePath, Address, HostName, ProxyJump, SecretFile, Successor, System, Tag};
use crate::key::{Algorithm, PublicKey};
use crate::nix::AttrPath;

/// One machine: one `nixosConfigurations.<name>`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Its name in the flake.
    pub name: HostName,
    /// The host module, relative to the flake's folder; `None`: the host has
    /// none of its own, so nothing can be wired into it.
    pub module: Option<String>,
    /// Where in that file the module is, when the file is not itself the module
    /// (`flake.modules.nixos.thor`).
    pub within: Option<AttrPath>,
    /// The platform, as in `x86_64-linux`.
    pub system: Option<System>,
    /// The name or IP address under which the others reach it.
    pub address: Option<Address>,
    /// The port of its sshd; `None`: 22.
    pub port: Option<u16>,
    /// The host through which the others reach it (`user@name:port`).
    pub proxy_jump: Option<ProxyJump>,
    /// The public half of its SSH host key; the old one while it changes.
    pub host_key: Option<PublicKey>,
    /// The host key that takes its place.
    pub next_host_key: Option<Successor<PublicKey>>,
    /// The identity with which it logs in at caches, where the cache's own
    /// choice is not right for it.
    pub identity: Option<Identity>,
    /// The flake defines it. False: a machine with Nix that somebody else manages, whose half
    /// `larder export` prints.
    pub nixos: bool,
    /// The groups it belongs to, as in `@desktop`.
    pub tags: Vec<Tag>,
    /// A laptop: away from its caches at times, and so asks them last.
    pub roaming: bool,
    /// The bytes of its header in the inventory.
    pub range: Range<usize>,
}

impl Host {
    /// A host of which nothing but the name is known.
    pub fn named(name: HostName) -> Self {
        Self {
            name,
            module: None,
            within: None,
            system: None,
            address: None,
            port: None,
            proxy_jump: None,
            host_key: None,
            next_host_key: None,
            identity: None,
            nixos: true,
            tags: Vec::new(),
            roaming: false,
            range: 0..0,
        }
    }

    /// Why its host key is not one with which it can log in, in words.
    pub fn why_no_identity(&self) -> Option<String> {
        let key = self.host_key.as_ref().filter(|key| !is_ed25519(key))?;
        let algorithm = key.algorithm().name();
        Some(format!(
            "the host key that is known is `{algorithm}`, and clients log in with \
             `ssh_host_ed25519_key`"
        ))
    }

    /// Every public host key by which it may be known: two while the key changes.
    pub fn host_keys(&self) -> impl Iterator<Item = &PublicKey> {
        let next = self.next_host_key.as_ref();
        let next = next.and_then(|next| next.key.as_ref());
        self.host_key.iter().chain(next)
    }

    /// The address under which it is reached unless a link says otherwise: the
    /// inventory's, else its name.
    pub fn address(&self) -> Address {
        self.address
            .clone()
            .unwrap_or_else(|| Address::from(&self.name))
    }
}

/// The private key with which a client logs in as `nix-ssh`, named by where it
/// lies. The key itself never comes near larder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Identity {
    /// The client's own SSH host key: nothing to copy, but only there if the
    /// client runs sshd.
    HostKey,
    /// A dedicated key in a file of the client.
    File {
        /// Where it is on the client.
        path: SecretFile,
        /// Its public half; `None` while it is pending, the old one while it changes.
        key: Option<PublicKey>,
        /// The key that takes its place.
        next: Option<Successor<PublicKey>>,
        /// The client makes it when it starts and switches, if it is missing.
        make: bool,
    },
}

impl Identity {
    /// A key that the client makes at its next switch.
    pub fn made_at(path: AbsolutePath) -> Self {
        Self::File {
            path: path.into(),
            key: None,
            next: None,
            make: true,
        }
    }

    /// The public half that a cache must authorise for this client; `None`
    /// while it is not known. While the key changes it is the old one.
    ///
    /// With its host key a client logs in by its file `ssh_host_ed25519_key`: a host key
    /// of another type is not the public half of that.
    pub fn public_key<'a>(&'a self, client: &'a Host) -> Option<&'a PublicKey> {
        match self {
            Self::HostKey => client.host_key.as_ref().filter(|key| is_ed25519(key)),
            Self::File { key, .. } => key.as_ref(),
        }
    }

    /// Every public half that a cache must authorise for this client: two while the key
    /// changes.
    pub fn public_keys<'a>(&'a self, client: &'a Host) -> Vec<&'a PublicKey> {
        let next = match self {
            Self::HostKey => &client.next_host_key,
            Self::File { next, .. } => next,
        };
        let next = next.as_ref().and_then(|next| next.key.as_ref());
        self.public_key(client).into_iter().chain(next).collect()
    }
}

fn is_ed25519(key: &PublicKey) -> bool {
    key.algorithm() == Algorithm::Ed25519
}
