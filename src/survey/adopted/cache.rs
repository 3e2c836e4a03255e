//! One cache that is wired by hand, and its clients.

use crate::key::{PublicKey, SigningPublicKey};

/// A cache that is served and used by hand-written Nix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptedCache {
    /// The serving host.
    pub host: String,
    /// `ssh` or `ssh-ng`, as served.
    pub protocol: String,
    /// Who reads from it, by name.
    pub clients: Vec<AdoptedClient>,
    /// The public half of its signing key.
    pub signing_key: Option<SigningPublicKey>,
    /// The absolute path of the secret half on the serving host.
    pub signing_key_file: Option<String>,
    /// What could not be read, in words.
    pub unread: Vec<String>,
}

/// One client's half of an adopted cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdoptedClient {
    /// Its name.
    pub host: String,
    /// The name or IP address in its substituter.
    pub address: String,
    /// A port, from the substituter or its ssh block.
    pub port: Option<u16>,
    /// The substituter's priority; `None`: not said, which is 0.
    pub priority: Option<u16>,
    /// The absolute path of the private key with which it logs in.
    pub identity: Option<String>,
    /// The public half of that key.
    pub identity_key: Option<PublicKey>,
    /// The cache's host key that it expects.
    pub pin: Option<PublicKey>,
}
