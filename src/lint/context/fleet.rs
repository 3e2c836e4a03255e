//! The fleet and its repository.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use foldhash::quality::RandomState;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::owned_state::UnlikeInventory;
use crate::flake::{Discovery, FoundHost};
use crate::fleet::{Fleet, Host, HostName};
use crate::lint::change_set::{ChangeSet, Snapshot};
use crate::repo::{Repo, RepoPath};
use crate::survey::{HostSurvey, Machine, Survey};
use crate::wiring::{self, ExpectedModules};

/// Modules of NixOS that `nixos-generate-config` imports. They are about hardware.
const SCANNED: &[&str] = &[
    "/installer/scan/not-detected.nix",
    "/profiles/qemu-guest.nix",
];

/// The inventory, the flake and the files; what several checks need of them is worked
/// out once.
pub(in crate::lint) struct Context<'a> {
    pub(in crate::lint) fleet: &'a Fleet,
    pub(in crate::lint) repo: &'a Repo,
    pub(in crate::lint) flake: &'a Discovery,
    pub(super) host_survey: HostSurvey<'a>,
    pub(super) changes: &'a ChangeSet,
    owned: &'a ExpectedModules,
    pub(super) unlike: OnceLock<Vec<UnlikeInventory>>,
    imports: OnceLock<Vec<(HostName, String)>>,
    pub(super) repeated_addresses: OnceLock<Vec<[HostName; 2]>>,
    /// The modules of hosts, in the inventory and in the flake, with the names of these hosts.
    modules: OnceLock<BTreeMap<RepoPath, Vec<String>>>,
    machines: HashMap<&'a str, OnceLock<Option<Machine>>, RandomState>,
    /// The hosts whose settings Nix has told; `None`: it was not asked.
    evaluated: Option<HashSet<&'a HostName, RandomState>>,
}

impl<'a> Context<'a> {
    pub(in crate::lint) fn new(
        Snapshot {
            fleet,
            flake,
            owned,
        }: Snapshot<'a>,
        survey: &'a Survey<'a>,
        changes: &'a ChangeSet,
    ) -> Self {
        let names = fleet.hosts.keys();
        Self {
            fleet,
            repo: survey.repo(),
            flake,
            host_survey: HostSurvey::new(survey.clone(), Some(flake)),
            changes,
            owned,
            unlike: OnceLock::new(),
            imports: OnceLock::new(),
            repeated_addresses: OnceLock::new(),
            modules: OnceLock::new(),
            machines: names.map(|name| (name.as_str(), OnceLock::new())).collect(),
            evaluated: None,
        }
    }

    /// The same, where Nix has told the settings of these hosts.
    pub(in crate::lint) fn with_evaluated(
        self,
        hosts: impl IntoIterator<Item = &'a HostName>,
    ) -> Self {
        Self {
            evaluated: Some(hosts.into_iter().collect()),
            ..self
        }
    }

    /// True if Nix has told the host's settings.
    pub(in crate::lint) fn is_evaluated(&self, host: &HostName) -> bool {
        let evaluated = self.evaluated.as_ref();
        evaluated.is_some_and(|hosts| hosts.contains(host))
    }

    /// True if Nix was asked about hosts.
    pub(in crate::lint) fn has_asked_nix(&self) -> bool {
        self.evaluated.is_some()
    }

    /// Frees what it has worked out, on all cores as it was made.
    pub(in crate::lint) fn discard(self) {
        self.machines.into_par_iter().for_each(drop);
    }

    /// The owned modules that should exist, by path from the flake's folder. What
    /// cannot be rendered is said by the rules about its reasons.
    pub(in crate::lint) fn all_owned(&self) -> &BTreeMap<String, String> {
        self.owned.of(self.fleet)
    }

    /// Those of them that are judged.
    pub(in crate::lint) fn owned(&self) -> impl Iterator<Item = (&String, &String)> {
        let all = self.changes.has_owned_modules().then(|| self.all_owned());
        let owned = all.into_iter().flatten();
        owned.filter(|(path, _)| self.changes.has_owned_module(path))
    }

    /// True if the owned module at this path from the flake's folder is judged.
    pub(in crate::lint) fn judges_owned(&self, path: &str) -> bool {
        self.changes.has_owned_module(path)
    }

    /// The hosts that need an import, and of which owned module.
    pub(in crate::lint) fn imports(&self) -> &[(HostName, String)] {
        self.imports.get_or_init(|| wiring::imports(self.fleet))
    }

    /// The host's entry in the flake.
    pub(in crate::lint) fn in_flake(&self, host: &HostName) -> Option<&FoundHost> {
        self.host_survey.in_flake(host)
    }

    /// The path of the host's module; where it has none of its own, of the module
    /// that imports for all.
    pub(in crate::lint) fn module(&self, host: &Host) -> Option<RepoPath> {
        let module = host.module.as_deref().or(self.fleet.import.as_deref());
        self.repo.module_path(module?)
    }

    /// True if another host than this has the module, in the inventory or in the flake.
    pub(in crate::lint) fn is_module_of_another(&self, module: &RepoPath, name: &str) -> bool {
        let hosts = self
            .modules
            .get_or_init(|| self.hosts_by_module())
            .get(module);
        hosts.is_some_and(|hosts| hosts.iter().any(|other| other != name))
    }

    fn hosts_by_module(&self) -> BTreeMap<RepoPath, Vec<String>> {
        let in_inventory = self.fleet.hosts.values();
        let in_inventory =
            in_inventory.filter_map(|host| Some((self.module(host)?, host.name.to_string())));
        let in_flake = self.flake.hosts.iter();
        let in_flake = in_flake.filter_map(|host| Some((host.module.clone()?, host.name.clone())));
        let mut hosts = BTreeMap::<RepoPath, Vec<String>>::new();
        for (module, name) in in_inventory.chain(in_flake) {
            hosts.entry(module).or_default().push(name);
        }
        hosts
    }

    /// What the modules of a host say, its own and those that the flake lists; `None` if
    /// none of them is known.
    pub(in crate::lint) fn machine(&self, host: &Host) -> Option<&Machine> {
        self.machine_in(host, self.machine_cell(&host.name)?)
    }

    /// Where the machine of a host is kept once it is put together: looked up once
    /// for all checks of the host.
    pub(super) fn machine_cell(&self, host: &HostName) -> Option<&OnceLock<Option<Machine>>> {
        self.machines.get(host.as_str())
    }

    /// The machine that is kept here, put together by the first who asks.
    pub(super) fn machine_in<'m>(
        &self,
        host: &Host,
        cell: &'m OnceLock<Option<Machine>>,
    ) -> Option<&'m Machine> {
        let made = cell.get_or_init(|| {
            let module = self.module(host);
            self.host_survey.machine_at(host, module.as_ref())
        });
        made.as_ref()
    }

    /// True if a machine's files say all that its modules say. What larder's own
    /// modules import is known, and so are some of NixOS's.
    pub(in crate::lint) fn tells_all(&self, machine: &Machine) -> bool {
        let owned = self.repo.path(&self.fleet.dir);
        let owned = owned.map(|dir| format!("{dir}/"));
        let is_scanned = |item: &str| {
            item.contains("modulesPath") && SCANNED.iter().any(|one| item.contains(one))
        };
        machine.tells_all(|item| {
            let file = item.file.path().as_str();
            let is_owned = owned.as_ref().is_some_and(|dir| file.starts_with(dir));
            // Only for the others a text has to be read.
            is_owned || is_scanned(item.written())
        })
    }
}
