//! One client's link to one cache.

use std::ops::Deref;
use std::sync::OnceLock;

use crate::fleet::{Cache, Host, Link};
use crate::lint::context::fleet::Context;
use crate::survey::Machine;

/// A link, and what the files say of it.
pub(in crate::lint) struct LinkContext<'a> {
    pub(in crate::lint) context: &'a Context<'a>,
    link: Link<'a>,
    machine: &'a OnceLock<Option<Machine>>,
}

impl Context<'_> {
    /// The links of which an end is judged.
    pub(in crate::lint) fn links(&self) -> impl Iterator<Item = LinkContext<'_>> {
        self.fleet.caches.values().flat_map(move |cache| {
            let clients = self.fleet.clients(cache).filter(|client| {
                self.changes.has_cache(&cache.host) || self.changes.has_host(&client.name)
            });
            clients.filter_map(move |client| self.link(cache, client))
        })
    }

    fn link<'s>(&'s self, cache: &'s Cache, client: &'s Host) -> Option<LinkContext<'s>> {
        Some(LinkContext {
            context: self,
            link: self.fleet.link(cache, client),
            machine: self.machine_cell(&client.name)?,
        })
    }
}

impl<'a> Deref for LinkContext<'a> {
    type Target = Link<'a>;

    fn deref(&self) -> &Link<'a> {
        &self.link
    }
}

impl<'a> LinkContext<'a> {
    /// What the client's modules say.
    pub(in crate::lint) fn machine(&self) -> Option<&'a Machine> {
        self.context.machine_in(self.client, self.machine)
    }

    /// What the serving host's modules say.
    pub(in crate::lint) fn server_machine(&self) -> Option<&'a Machine> {
        self.context.machine(self.server)
    }
}
