//! One host of the inventory.

use std::ops::Deref;
use std::sync::OnceLock;

use crate::fleet::{Host, nearest};
use crate::lint::context::fleet::Context;
use crate::survey::Machine;

/// A host, and what its files say.
pub(in crate::lint) struct HostContext<'a> {
    pub(in crate::lint) context: &'a Context<'a>,
    host: &'a Host,
    machine: &'a OnceLock<Option<Machine>>,
}

impl Context<'_> {
    /// The hosts that are judged.
    pub(in crate::lint) fn hosts(&self) -> impl Iterator<Item = HostContext<'_>> {
        let hosts = self.fleet.hosts.values();
        let changed = hosts.filter(|host| self.changes.has_host(&host.name));
        changed.filter_map(|host| {
            Some(HostContext {
                context: self,
                host,
                machine: self.machine_cell(&host.name)?,
            })
        })
    }
}

impl<'a> HostContext<'a> {
    /// What the host's modules say; `None` if none of them is known.
    pub(in crate::lint) fn machine(&self) -> Option<&'a Machine> {
        self.context.machine_in(self.host, self.machine)
    }

    /// True if the flake was read and larder has not found the host in it.
    pub(in crate::lint) fn is_missing_in_flake(&self) -> bool {
        let context = self.context;
        let is_expected = self.host.nixos && context.flake.is_followed();
        is_expected && context.in_flake(&self.host.name).is_none()
    }

    /// The host of the flake that was probably meant: none that the inventory has already.
    pub(in crate::lint) fn nearest_in_flake(&self) -> Option<&'a str> {
        let known = &self.context.fleet.hosts;
        let hosts = self.context.flake.hosts.iter();
        let names = hosts.map(|host| host.name.as_str());
        nearest(
            &self.host.name,
            names.filter(|name| !known.contains_key(*name)),
        )
    }

    /// True if it reads from a cache, of the fleet or elsewhere.
    pub(in crate::lint) fn is_client(&self) -> bool {
        let fleet = self.context.fleet;
        fleet.caches_of(self.host).next().is_some()
            || fleet.external_caches_of(self.host).next().is_some()
    }
}

impl Deref for HostContext<'_> {
    type Target = Host;

    fn deref(&self) -> &Host {
        self.host
    }
}
