//! What the inventory says of one link alone.

use serde::{Deserialize, Serialize};

use super::{Address, ProxyJump};

/// What the inventory says of one client's link alone: `[caches.CACHE.link.CLIENT]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkOverride {
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
