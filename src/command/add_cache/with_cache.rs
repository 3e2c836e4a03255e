//! The fleet as it would be with a cache.

use crate::fleet::{Cache, Fleet};

/// The fleet with this cache in place of any that the host has.
pub(super) fn with_cache(fleet: &Fleet, cache: &Cache) -> Fleet {
    let mut fleet = fleet.clone();
    fleet.caches.insert(cache.host.clone(), cache.clone());
    fleet
}
