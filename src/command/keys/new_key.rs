//! A public key on its way into the inventory.

use crate::fleet::HostName;
use crate::key::{PublicKey, SigningPublicKey};
use crate::plan::ShownKey;

/// A public key of one of three kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NewKey {
    /// Of the host's sshd.
    Host(PublicKey),
    /// With which the host logs in at caches, where that is not its host key.
    Identity(PublicKey),
    /// With which the host signs what it builds.
    Signing(SigningPublicKey),
}

impl NewKey {
    /// Its kind in messages.
    pub(super) fn words(&self) -> &'static str {
        match self {
            Self::Host(_) => "host key",
            Self::Identity(_) => "identity key",
            Self::Signing(_) => "signing key",
        }
    }

    /// The key as a person judges it: an SSH key by its fingerprint.
    pub(super) fn shown(&self, host: &HostName, from: String, is_confirmed: bool) -> ShownKey {
        let key = match self {
            Self::Host(key) | Self::Identity(key) => key.fingerprint(),
            Self::Signing(key) => key.to_string(),
        };
        ShownKey {
            host: host.to_string(),
            kind: self.words(),
            key,
            from,
            is_confirmed,
        }
    }
}

/// A public key, and the host that it is of.
#[derive(Debug, Clone)]
pub(super) struct KeyOfHost {
    pub(super) host: HostName,
    pub(super) key: NewKey,
}
