//! What every host's own files say, and which hosts share a file.

use std::collections::{BTreeMap, BTreeSet};

use crate::fleet::{Fleet, HostName};
use crate::repo::RepoPath;
use crate::survey::{HostSurvey, Machine};

/// The machines of the fleet, and who has which file.
pub(super) struct Machines<'a> {
    pub(super) fleet: &'a Fleet,
    by_name: BTreeMap<&'a HostName, Machine>,
    users: BTreeMap<RepoPath, BTreeSet<&'a HostName>>,
}

impl<'a> Machines<'a> {
    /// What the hosts' own files say.
    pub(super) fn of(survey: &HostSurvey<'_>, fleet: &'a Fleet) -> Self {
        let mut machines = Self {
            fleet,
            by_name: BTreeMap::new(),
            users: BTreeMap::new(),
        };
        for host in fleet.hosts.values() {
            let Some(machine) = survey.machine(host) else {
                continue;
            };
            for file in machine.files() {
                let users = machines.users.entry(file.clone()).or_default();
                users.insert(&host.name);
            }
            machines.by_name.insert(&host.name, machine);
        }
        machines
    }

    /// What a host's own files say.
    pub(super) fn of_host(&self, name: &HostName) -> Option<&Machine> {
        self.by_name.get(name)
    }

    /// The hosts that have a file among theirs.
    pub(super) fn users_of(&self, file: &RepoPath) -> impl Iterator<Item = &'a HostName> {
        self.users.get(file).into_iter().flatten().copied()
    }
}
