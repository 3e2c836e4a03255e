//! How a cache serves, and how that changes without a client that fails.

use crate::fleet::{Cache, Engine};

/// Gives the cache the engine of the flag. Where both can be served at once, the old one goes
/// on while the clients change; the same flag again ends that.
pub(super) fn change(cache: &mut Cache, wanted: Option<Engine>, is_new: bool) {
    let Some(wanted) = wanted else { return };
    if wanted == cache.engine {
        cache.former_engine = None;
    } else if cache.former_engine == Some(wanted) {
        cache.former_engine = Some(cache.engine);
    } else {
        cache.former_engine = Some(cache.engine).filter(|old| !is_new && old.goes_with(wanted));
    }
    if wanted != cache.engine {
        cache.is_called_protocol = false;
    }
    cache.engine = wanted;
}
