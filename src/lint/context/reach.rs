//! The modules that each host reaches, whether the inventory has it or only the flake.

use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::flake::FoundHost;
use crate::fleet::{Host, HostName};
use crate::lint::context::fleet::Context;
use crate::survey::Machine;

/// Up to so many hosts, all are compared with what a change affects. In a larger fleet
/// those that it does not affect are compared when everything is judged.
const COMPARED: usize = 500;

/// A host, and the modules that it reaches.
pub(in crate::lint) struct Reach<'a> {
    /// Its name.
    pub(in crate::lint) host: &'a str,
    /// Its own module and those that the flake lists for it, each with what it imports.
    pub(in crate::lint) machines: Vec<Machine>,
}

impl Context<'_> {
    /// What the hosts reach that are judged, and the others where they are not too many.
    pub(in crate::lint) fn reached(&self) -> Vec<Reach<'_>> {
        let is_only_in_flake = |host: &&FoundHost| !self.fleet.hosts.contains_key(&*host.name);
        let only_in_flake: Vec<&FoundHost> =
            self.flake.hosts.iter().filter(is_only_in_flake).collect();
        let are_few = self.fleet.hosts.len() + only_in_flake.len() <= COMPARED;
        let is_judged = |name: &HostName| are_few || self.changes.has_host(name);
        let hosts = self.fleet.hosts.values();
        let hosts: Vec<&Host> = hosts.filter(|host| is_judged(&host.name)).collect();
        let own = hosts.into_par_iter().map(|host| Reach {
            host: host.name.as_str(),
            machines: self.machine(host).cloned().into_iter().collect(),
        });
        let mut reached: Vec<Reach<'_>> = own.collect();
        if are_few || self.changes.is_everything() {
            let others = only_in_flake.into_par_iter().map(|host| Reach {
                host: host.name.as_str(),
                machines: self.host_survey.machine_of(host).into_iter().collect(),
            });
            reached.extend(others.collect::<Vec<_>>());
        }
        reached
    }
}
