//! What the flags say that caches of both kinds have.

use crate::command::add_cache::selection;
use crate::diagnostic::Stop;
use crate::fleet::{ExternalCache, Fleet, HostName, Selector};
use crate::key::SigningPublicKey;

/// What the flags that both kinds of caches have say.
pub(in crate::command::add_cache) struct Said {
    pub(in crate::command::add_cache) name: Option<HostName>,
    pub(in crate::command::add_cache) clients: Vec<Selector>,
    pub(in crate::command::add_cache) except: Vec<Selector>,
    pub(in crate::command::add_cache) lan: bool,
    pub(in crate::command::add_cache) no_lan: bool,
    pub(in crate::command::add_cache) priority: Option<u16>,
    pub(in crate::command::add_cache) keys: Vec<String>,
    pub(in crate::command::add_cache) import: Option<String>,
}

impl Said {
    /// Gives a cache the clients, distance and priority that are said.
    pub(super) fn select(
        &self,
        fleet: &Fleet,
        cache: &mut ExternalCache,
        is_new: bool,
    ) -> Result<(), Stop> {
        let all = [Selector::All];
        let clients: &[Selector] = match &self.clients[..] {
            [] if is_new => &all,
            said => said,
        };
        selection::select_external(fleet, cache, clients, &self.except)?;
        cache.lan = self.lan || cache.lan && !self.no_lan;
        cache.priority = self.priority.or(cache.priority);
        Ok(())
    }
}

/// Another key of the same name takes the place of the one that is known.
pub(super) fn add_key(cache: &mut ExternalCache, key: SigningPublicKey) {
    let keys = &mut cache.signing_keys;
    match keys.iter_mut().find(|known| known.name() == key.name()) {
        Some(known) => *known = key,
        None => keys.push(key),
    }
}
