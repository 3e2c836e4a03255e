//! One cache.

use std::ops::Deref;

use crate::fleet::{Cache, Host};
use crate::lint::context::fleet::Context;
use crate::survey::Machine;

/// A cache, and what the files of its host say.
pub(in crate::lint) struct CacheContext<'a> {
    pub(in crate::lint) context: &'a Context<'a>,
    pub(in crate::lint) server: &'a Host,
    cache: &'a Cache,
}

impl Context<'_> {
    /// The caches that are judged.
    pub(in crate::lint) fn caches(&self) -> impl Iterator<Item = CacheContext<'_>> {
        let caches = self.fleet.caches.values();
        let changed = caches.filter(|cache| self.changes.has_cache(&cache.host));
        changed.map(|cache| CacheContext {
            context: self,
            server: self.fleet.server(cache),
            cache,
        })
    }
}

impl<'a> CacheContext<'a> {
    /// What the serving host's modules say.
    pub(in crate::lint) fn machine(&self) -> Option<&'a Machine> {
        self.context.machine(self.server)
    }
}

impl Deref for CacheContext<'_> {
    type Target = Cache;

    fn deref(&self) -> &Cache {
        self.cache
    }
}
