//! Caches that exist elsewhere, and the links of their clients.

use std::ops::Deref;
use std::sync::OnceLock;

use crate::fleet::{ExternalCache, Host, store_of};
use crate::lint::context::fleet::Context;
use crate::survey::{Machine, Substituter};

/// A cache that no host of the fleet serves.
pub(in crate::lint) struct ExternalCacheContext<'a> {
    pub(in crate::lint) context: &'a Context<'a>,
    cache: &'a ExternalCache,
}

/// One client's link to it, and what the client's files say.
pub(in crate::lint) struct ExternalLinkContext<'a> {
    pub(in crate::lint) context: &'a Context<'a>,
    pub(in crate::lint) cache: &'a ExternalCache,
    pub(in crate::lint) client: &'a Host,
    machine: &'a OnceLock<Option<Machine>>,
}

impl Context<'_> {
    /// The caches elsewhere that are judged.
    pub(in crate::lint) fn external_caches(
        &self,
    ) -> impl Iterator<Item = ExternalCacheContext<'_>> {
        let caches = self.fleet.external_caches.values();
        let changed = caches.filter(|cache| self.changes.has_external_cache(&cache.name));
        changed.map(|cache| ExternalCacheContext {
            context: self,
            cache,
        })
    }

    /// The links to caches elsewhere of which an end is judged.
    pub(in crate::lint) fn external_links(&self) -> impl Iterator<Item = ExternalLinkContext<'_>> {
        let caches = self.fleet.external_caches.values();
        caches.flat_map(move |cache| {
            let clients = self.fleet.external_clients(cache).filter(|client| {
                self.changes.has_external_cache(&cache.name) || self.changes.has_host(&client.name)
            });
            clients.filter_map(move |client| {
                Some(ExternalLinkContext {
                    context: self,
                    cache,
                    client,
                    machine: self.machine_cell(&client.name)?,
                })
            })
        })
    }
}

impl<'a> ExternalLinkContext<'a> {
    /// What the client's modules say.
    pub(in crate::lint) fn machine(&self) -> Option<&'a Machine> {
        self.context.machine_in(self.client, self.machine)
    }

    /// The substituters by which the client's own files name the cache.
    pub(in crate::lint) fn by_hand(&self) -> Vec<Substituter> {
        let all = self.machine().map(Machine::substituters);
        let all = all.into_iter().flatten();
        all.filter(|one| self.is_its(&one.word.text)).collect()
    }

    /// True if a substituter is this cache.
    pub(in crate::lint) fn is_its(&self, url: &str) -> bool {
        store_of(url) == self.cache.url.store()
    }
}

impl Deref for ExternalCacheContext<'_> {
    type Target = ExternalCache;

    fn deref(&self) -> &ExternalCache {
        self.cache
    }
}
