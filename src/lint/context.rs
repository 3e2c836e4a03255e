//! What rules see.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::{Deref, Range};
use std::sync::OnceLock;

use foldhash::quality::RandomState;
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use crate::diagnostic::{Diagnostic, Source};
use crate::flake::{Found, FoundHost};
use crate::fleet::{Allowance, Cache, Fleet, Host, HostName, Link};
use crate::lint::touched::Touched;
use crate::repo::{Repo, RepoPath};
use crate::survey::{Content, Machine, Survey};
use crate::wiring;

/// The user as whom clients log in: `nix.sshServe` makes it.
pub(super) const USER: &str = "nix-ssh";

/// Modules of NixOS that `nixos-generate-config` imports. They are about hardware.
const SCANNED: &[&str] = &[
    "/installer/scan/not-detected.nix",
    "/profiles/qemu-guest.nix",
];

/// The fleet and the repository.
pub(super) struct Context<'a> {
    pub(super) fleet: &'a Fleet,
    pub(super) repo: &'a Repo,
    pub(super) found: &'a Found,
    owned: OnceLock<BTreeMap<String, String>>,
    imports: OnceLock<Vec<(HostName, String)>>,
    in_flake: HashMap<&'a str, &'a FoundHost, RandomState>,
    survey: &'a Survey<'a>,
    touched: &'a Touched,
    machines: HashMap<&'a str, OnceLock<Option<Machine>>, RandomState>,
}

/// One host of the inventory.
pub(super) struct HostContext<'a> {
    pub(super) context: &'a Context<'a>,
    pub(super) host: &'a Host,
    machine: &'a OnceLock<Option<Machine>>,
}

/// A link, and what the files say.
pub(super) struct LinkContext<'a> {
    pub(super) context: &'a Context<'a>,
    link: Link<'a>,
    machine: &'a OnceLock<Option<Machine>>,
}

/// A module of people's own, and the owned module that it must import.
pub(super) struct Importer<'a> {
    /// The host whose module it is, or the module that imports for all.
    pub(super) subject: &'a str,
    /// The module, relative to the flake's folder.
    pub(super) module: &'a str,
    /// Where the inventory names it.
    pub(super) keys: Vec<&'a str>,
    /// The owned module, relative to the flake's folder.
    pub(super) owned: &'a str,
    /// The module and what it imports.
    pub(super) machine: Cow<'a, Machine>,
}

/// One tracked text.
pub(super) struct TextContext<'a> {
    pub(super) source: &'a Source,
    /// It is staged, and the file is gone or has another text.
    pub(super) is_staged_only: bool,
}

/// One tracked `.nix` file.
pub(super) struct NixContext<'a> {
    pub(super) source: &'a Source,
    /// What it says by its content alone.
    pub(super) content: &'a Content,
    /// What it says, as if it were a machine's only file.
    pub(super) machine: &'a Machine,
}

/// One allowance, after the findings have been held against it.
pub(super) struct AllowanceContext<'a> {
    pub(super) fleet: &'a Fleet,
    pub(super) allowance: &'a Allowance,
    /// Its last day has passed.
    pub(super) is_expired: bool,
    /// It covers a finding.
    pub(super) is_used: bool,
}

impl<'a> Context<'a> {
    pub(super) fn new(
        fleet: &'a Fleet,
        repo: &'a Repo,
        found: &'a Found,
        survey: &'a Survey<'a>,
        touched: &'a Touched,
    ) -> Self {
        let names = fleet.hosts.keys();
        Self {
            fleet,
            repo,
            found,
            owned: OnceLock::new(),
            imports: OnceLock::new(),
            in_flake: found
                .hosts
                .iter()
                .map(|one| (one.name.as_str(), one))
                .collect(),
            survey,
            touched,
            machines: names.map(|name| (name.as_str(), OnceLock::new())).collect(),
        }
    }

    /// Gives its memory back, on all cores as it was taken.
    pub(super) fn let_go(self) {
        self.machines.into_par_iter().for_each(drop);
    }

    pub(super) fn hosts(&self) -> impl Iterator<Item = HostContext<'_>> {
        let hosts = self.fleet.hosts.values();
        let touched = hosts.filter(|host| self.touched.host(&host.name));
        touched.filter_map(|host| {
            Some(HostContext {
                context: self,
                host,
                machine: self.machines.get(host.name.as_str())?,
            })
        })
    }

    /// The caches that are judged.
    pub(super) fn caches(&self) -> impl Iterator<Item = &'a Cache> {
        let caches = self.fleet.caches.values();
        caches.filter(|cache| self.touched.cache(&cache.host))
    }

    /// The owned modules that should exist, by path from the flake's folder. What
    /// cannot be rendered is said by the rules about its reasons.
    pub(super) fn all_owned(&self) -> &BTreeMap<String, String> {
        self.owned.get_or_init(|| wiring::expected(self.fleet))
    }

    /// Those of them that are judged.
    pub(super) fn owned(&self) -> impl Iterator<Item = (&String, &String)> {
        let all = self.touched.some_owned().then(|| self.all_owned());
        let owned = all.into_iter().flatten();
        owned.filter(|(path, _)| self.touched.owned(path))
    }

    /// True if the owned module at this path from the flake's folder is judged.
    pub(super) fn judges_owned(&self, path: &str) -> bool {
        self.touched.owned(path)
    }

    /// Every pair of a cache and one of its clients.
    pub(super) fn links(&self) -> impl Iterator<Item = LinkContext<'_>> {
        self.fleet.caches.values().flat_map(move |cache| {
            let clients = self.fleet.clients(cache).filter(|client| {
                self.touched.cache(&cache.host) || self.touched.host(&client.name)
            });
            clients.filter_map(move |client| {
                Some(LinkContext {
                    context: self,
                    link: self.fleet.link(cache, client),
                    machine: self.machines.get(client.name.as_str())?,
                })
            })
        })
    }

    /// The host's entry in the flake.
    pub(super) fn found(&self, host: &HostName) -> Option<&FoundHost> {
        self.in_flake.get(host.as_str()).copied()
    }

    /// The path of the host's module; where it has none of its own, of the module
    /// that imports for all.
    pub(super) fn module(&self, host: &Host) -> Option<RepoPath> {
        let module = host.module.as_deref().or(self.fleet.import.as_deref());
        self.repo.path(module?)
    }

    /// The host's own files; `None` if it has no module of its own.
    pub(super) fn machine(&self, host: &Host) -> Option<&Machine> {
        self.put_together(host, self.machines.get(host.name.as_str())?)
    }

    fn put_together<'m>(
        &self,
        host: &Host,
        machine: &'m OnceLock<Option<Machine>>,
    ) -> Option<&'m Machine> {
        let made = machine.get_or_init(|| {
            let module = self.module(host)?;
            Some(self.survey.machine_at(host, &module))
        });
        made.as_ref()
    }

    /// All that the host is made of: the files that the flake lists for it and what
    /// they import; `None` if there is more to it than the files show.
    pub(super) fn whole(&self, host: &Host) -> Option<Vec<Machine>> {
        let own = self.machine(host)?;
        if !self.tells_all(own) {
            return None;
        }
        let listed = self.found(&host.name)?.modules.as_ref()?.iter();
        let machines = listed.map(|module| self.survey.machine(module, &[]));
        let machines: Vec<Machine> = machines.collect();
        machines
            .iter()
            .all(|one| self.tells_all(one))
            .then_some(machines)
    }

    /// True if a machine's files say all that its modules say. What larder's own
    /// modules import is known, and so are some of NixOS's.
    fn tells_all(&self, machine: &Machine) -> bool {
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

    /// The hosts that need an import, and of which owned module.
    pub(super) fn imports(&self) -> &[(HostName, String)] {
        self.imports.get_or_init(|| wiring::imports(self.fleet))
    }

    /// The modules that must import an owned one, each once.
    pub(super) fn importers(&self) -> impl Iterator<Item = Importer<'_>> {
        let wanted = self.imports();
        let shared = self.fleet.import.as_deref().zip(wanted.first());
        let shared = shared.and_then(|(module, (_, owned))| self.shared_importer(module, owned));
        let own = if self.fleet.import.is_some() {
            &[]
        } else {
            wanted
        };
        let own = own.iter().filter(|(name, _)| self.touched.host(name));
        let own = own.filter_map(|(name, owned)| self.own_importer(name, owned));
        shared.into_iter().chain(own)
    }

    fn shared_importer<'s>(&'s self, module: &'s str, owned: &'s str) -> Option<Importer<'s>> {
        Some(Importer {
            subject: module,
            module,
            keys: vec!["import"],
            owned,
            machine: Cow::Owned(self.survey.machine(&self.repo.path(module)?, &[])),
        })
    }

    fn own_importer<'s>(&'s self, name: &HostName, owned: &'s str) -> Option<Importer<'s>> {
        let host = self.fleet.hosts.get(name)?;
        Some(Importer {
            subject: host.name.as_str(),
            module: host.module.as_deref()?,
            keys: vec!["hosts", host.name.as_str(), "module"],
            owned,
            machine: Cow::Borrowed(self.machine(host)?),
        })
    }

    /// Points at what a path of keys leads to in the inventory, or, where it is
    /// silent, at `otherwise`.
    pub(super) fn in_inventory(
        &self,
        finding: Diagnostic,
        path: &[&str],
        otherwise: &Range<usize>,
        note: impl Into<String>,
    ) -> Diagnostic {
        let range = self.fleet.span(path).unwrap_or_else(|| otherwise.clone());
        finding.at(&self.fleet.source, range, note)
    }

    /// Points at a host in the inventory.
    pub(super) fn at_host(&self, finding: Diagnostic, host: &Host) -> Diagnostic {
        finding.at(&self.fleet.source, host.range.clone(), "")
    }

    /// Points at a cache in the inventory.
    pub(super) fn at_cache(&self, finding: Diagnostic, cache: &Cache) -> Diagnostic {
        finding.at(&self.fleet.source, cache.range.clone(), "")
    }
}

impl<'a> HostContext<'a> {
    /// The host's own files; `None` if it has no module of its own.
    pub(super) fn machine(&self) -> Option<&'a Machine> {
        self.context.put_together(self.host, self.machine)
    }
}

impl<'a> Deref for LinkContext<'a> {
    type Target = Link<'a>;

    fn deref(&self) -> &Link<'a> {
        &self.link
    }
}

impl<'a> LinkContext<'a> {
    /// The client's own files.
    pub(super) fn machine(&self) -> Option<&'a Machine> {
        self.context.put_together(self.client, self.machine)
    }

    /// `client>cache`, the identity of findings about it.
    pub(super) fn subject(&self) -> String {
        format!("{}>{}", self.client.name, self.cache.host)
    }
}

impl AllowanceContext<'_> {
    /// True if there is a rule of its name.
    pub(super) fn is_known(&self) -> bool {
        crate::lint::rule(&self.allowance.rule).is_some()
    }

    /// Points at it in the inventory.
    pub(super) fn at_it(&self, finding: Diagnostic) -> Diagnostic {
        let place = self.allowance.at.as_deref().unwrap_or_default();
        finding
            .at(&self.fleet.source, self.allowance.range.clone(), "")
            .about(format!("{} {place}", self.allowance.rule))
    }
}
