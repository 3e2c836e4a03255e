//! What a client still lacks before it can be wired to a cache.
//!
//! A substituter that cannot work is worse than none: an unknown host key hangs
//! root's ssh, an unsigned path is dropped with a warning. So the client's half
//! is only written when nothing of this is missing.

use super::{Cache, Fleet, Host, SigningKey, Wiring};

/// Something that larder must know before it wires a client to a cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// The cache's SSH host key, which clients pin.
    Pin,
    /// The public half of the cache's signing key.
    SigningKey,
    /// The public half of the key with which the client logs in.
    IdentityKey,
    /// A module of the client that larder may add an import to.
    ClientModule,
    /// The serving host's own module.
    ServerModule,
}

impl Fleet {
    /// What is missing before the client can be wired to the cache; empty: wired.
    ///
    /// An adopted cache is wired by hand and lacks nothing here.
    pub fn missing(&self, cache: &Cache, client: &Host) -> Vec<Missing> {
        if cache.wiring == Wiring::Adopted {
            return Vec::new();
        }
        let server = self.server(cache);
        let identity = self.identity(cache, client).public_key(client);
        let checks = [
            (Missing::Pin, server.host_key.is_none()),
            (
                Missing::SigningKey,
                cache.signing_key == SigningKey::Pending,
            ),
            (Missing::IdentityKey, identity.is_none()),
            (
                Missing::ClientModule,
                client.nixos && !self.has_module(client),
            ),
            (Missing::ServerModule, !self.has_module(server)),
        ];
        checks
            .into_iter()
            .filter_map(|(what, is_missing)| is_missing.then_some(what))
            .collect()
    }

    /// True if there is a module that may get the import of the host's part.
    pub fn has_module(&self, host: &Host) -> bool {
        host.nixos && (self.import.is_some() || host.module.is_some())
    }
}
