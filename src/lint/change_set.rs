//! What a change can affect, so that nothing else is judged again.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::flake::{Discovery, FoundHost};
use crate::fleet::{Cache, ExternalCache, Fleet, Host, HostName};
use crate::repo::{Repo, RepoPath};
use crate::wiring::{self, ExpectedModules};

/// What is judged: everything, or what a change affects.
#[derive(Debug, Clone)]
pub struct ChangeSet {
    /// `None`: everything.
    parts: Option<Parts>,
    /// The owned modules are as they were when nothing was wrong with them.
    owned_are_right: bool,
}

#[derive(Debug, Clone, Default)]
struct Parts {
    files: BTreeSet<RepoPath>,
    hosts: BTreeSet<HostName>,
    /// By their hosts; those whose hosts are affected included.
    caches: BTreeSet<HostName>,
    /// Caches elsewhere, by their names.
    external_caches: BTreeSet<HostName>,
    /// Owned modules, by path from the flake's folder.
    owned: BTreeSet<String>,
}

/// What the inventory and the flake say, before a change or after it.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot<'a> {
    /// The inventory.
    pub fleet: &'a Fleet,
    /// The flake's hosts.
    pub flake: &'a Discovery,
    /// The owned modules of the inventory.
    pub owned: &'a ExpectedModules,
}

impl<'a> Snapshot<'a> {
    fn owned(self) -> &'a BTreeMap<String, String> {
        self.owned.of(self.fleet)
    }
}

impl ChangeSet {
    /// Everything.
    pub fn all() -> Self {
        Self {
            parts: None,
            owned_are_right: false,
        }
    }

    /// The same, without the owned modules: nothing is wrong with them.
    #[must_use]
    pub fn without_owned_modules(self) -> Self {
        Self {
            owned_are_right: true,
            ..self
        }
    }

    /// What a change of these files affects.
    ///
    /// A change of a module that several hosts may import affects everything: who
    /// imports it is not known before all files are read.
    pub fn between(
        before: Snapshot<'_>,
        after: Snapshot<'_>,
        repo: &Repo,
        files: &[RepoPath],
    ) -> Self {
        let owned_files = [before, after].map(|snapshot| OwnedFiles::of(snapshot, repo));
        let has_known_owner = |path: &RepoPath| {
            std::path::Path::new(path.as_str()).extension() != Some("nix".as_ref())
                || owned_files.iter().any(|files| files.has(path))
        };
        if !is_same_frame(before, after) || !files.iter().all(has_known_owner) {
            return Self::all();
        }
        let mut parts = Parts {
            files: files.iter().cloned().collect(),
            owned: owned(before, after),
            ..Parts::default()
        };
        let changed = files.iter().map(|path| repo.shown(path));
        parts.owned.extend(changed);
        parts.hosts = hosts(before, after, &parts.owned);
        parts.caches = caches(before.fleet, after.fleet, &parts.hosts);
        parts.external_caches = external_caches(before.fleet, after.fleet);
        Self {
            parts: Some(parts),
            owned_are_right: false,
        }
    }

    /// True if nothing is left out.
    pub(super) fn is_everything(&self) -> bool {
        self.parts.is_none()
    }

    pub(super) fn has_file(&self, path: &RepoPath) -> bool {
        self.has(|parts| parts.files.contains(path))
    }

    pub(super) fn has_host(&self, name: &HostName) -> bool {
        self.has(|parts| parts.hosts.contains(name))
    }

    pub(super) fn has_cache(&self, host: &HostName) -> bool {
        self.has(|parts| parts.caches.contains(host))
    }

    pub(super) fn has_external_cache(&self, name: &HostName) -> bool {
        self.has(|parts| parts.external_caches.contains(name))
    }

    pub(super) fn has_owned_module(&self, path: &str) -> bool {
        self.has_owned_modules() && self.has(|parts| parts.owned.contains(path))
    }

    /// True if owned modules are judged.
    pub(super) fn has_owned_modules(&self) -> bool {
        !self.owned_are_right
    }

    fn has(&self, is_in: impl FnOnce(&Parts) -> bool) -> bool {
        self.parts.as_ref().is_none_or(is_in)
    }
}

/// The hosts that come to something else by a change, in order of their names: those to
/// ask Nix about before it is made.
pub fn affected<'a>(before: &Fleet, after: &'a Fleet, changes: &ChangeSet) -> Vec<&'a HostName> {
    let facts = different_facts(before, after);
    let is_affected = |host: &&Host| {
        let mut caches = after.caches_of(host);
        let mut elsewhere = after.external_caches_of(host);
        changes.has_host(&host.name)
            || changes.has_cache(&host.name)
            || elsewhere.any(|cache| changes.has_external_cache(&cache.name))
            || caches.any(|cache| facts.contains(&cache.host))
    };
    let hosts = after.hosts.values().filter(is_affected);
    hosts.map(|host| &host.name).collect()
}

/// The caches of which another fact is true for every client: not who the clients are.
fn different_facts(before: &Fleet, after: &Fleet) -> BTreeSet<HostName> {
    let facts = |fleet: &Fleet| -> BTreeMap<HostName, (Cache, Option<Host>)> {
        let servers = without_places(fleet);
        let of_cache = |cache: &Cache| Cache {
            range: 0..0,
            clients: Vec::new(),
            except: Vec::new(),
            ..cache.clone()
        };
        let caches = fleet.caches.iter();
        caches
            .map(|(name, cache)| (name.clone(), (of_cache(cache), servers.get(name).cloned())))
            .collect()
    };
    different(&facts(before), &facts(after)).cloned().collect()
}

/// True if nothing has changed that concerns every host.
fn is_same_frame(before: Snapshot<'_>, after: Snapshot<'_>) -> bool {
    before.fleet.dir == after.fleet.dir
        && before.fleet.import == after.fleet.import
        && before.flake.notes.is_empty() == after.flake.notes.is_empty()
}

/// The files that concern one host at most, or that are judged by themselves: the flake,
/// owned modules, hosts' own modules.
struct OwnedFiles<'a> {
    repo: &'a Repo,
    flake: &'a RepoPath,
    /// The folder of owned modules, with `/`.
    folder: String,
    /// Hosts' own modules, by path from the flake's folder.
    modules: HashSet<&'a str>,
    /// Files with the flake's entry of a host.
    entries: HashSet<&'a RepoPath>,
}

impl<'a> OwnedFiles<'a> {
    fn of(snapshot: Snapshot<'a>, repo: &'a Repo) -> Self {
        let Snapshot { fleet, flake, .. } = snapshot;
        let hosts = fleet.hosts.values();
        let mut modules: HashSet<&str> = hosts.filter_map(|host| host.module.as_deref()).collect();
        // Every host has this one.
        fleet.import.as_deref().map(|import| modules.remove(import));
        let entries = flake.hosts.iter().filter_map(|host| host.entry.as_ref());
        Self {
            repo,
            flake: &flake.flake,
            folder: format!("{}/", fleet.dir),
            modules,
            entries: entries.map(|entry| &entry.file).collect(),
        }
    }

    fn has(&self, path: &RepoPath) -> bool {
        let shown = self.repo.shown(path);
        path == self.flake
            || shown.starts_with(&self.folder)
            || self.entries.contains(path)
            || self.modules.contains(shown.as_str())
    }
}

/// The owned modules that are not the same.
fn owned(before: Snapshot<'_>, after: Snapshot<'_>) -> BTreeSet<String> {
    let (old, new) = rayon::join(|| before.owned(), || after.owned());
    different(old, new).cloned().collect()
}

/// The hosts of which the inventory, the flake, the own module or the imported owned
/// module is not the same.
fn hosts(
    before: Snapshot<'_>,
    after: Snapshot<'_>,
    changed: &BTreeSet<String>,
) -> BTreeSet<HostName> {
    let (old, new) = (without_places(before.fleet), without_places(after.fleet));
    let mut affected: BTreeSet<HostName> = different(&old, &new).cloned().collect();
    let (old, new) = (in_flake(before.flake), in_flake(after.flake));
    let imports: HashMap<HostName, String> = wiring::imports(after.fleet).into_iter().collect();
    let is_affected = |host: &&Host| {
        let import = imports.get(&host.name);
        let mut modules = host.module.iter().chain(import);
        old.get(host.name.as_str()) != new.get(host.name.as_str())
            || modules.any(|module| changed.contains(module))
    };
    let hosts = after.fleet.hosts.values().filter(is_affected);
    affected.extend(hosts.map(|host| host.name.clone()));
    affected
}

fn without_places(fleet: &Fleet) -> BTreeMap<HostName, Host> {
    let without_place = |host: &Host| Host {
        range: 0..0,
        ..host.clone()
    };
    let hosts = fleet.hosts.iter();
    hosts
        .map(|(name, host)| (name.clone(), without_place(host)))
        .collect()
}

/// The hosts of the flake, without the places of their entries.
fn in_flake(flake: &Discovery) -> HashMap<&str, FoundHost> {
    let without_place = |host: &FoundHost| FoundHost {
        entry: None,
        ..host.clone()
    };
    let hosts = flake.hosts.iter();
    hosts
        .map(|host| (host.name.as_str(), without_place(host)))
        .collect()
}

/// The caches that are not the same, and those of affected hosts.
fn caches(before: &Fleet, after: &Fleet, hosts: &BTreeSet<HostName>) -> BTreeSet<HostName> {
    let without_places = |fleet: &Fleet| -> BTreeMap<HostName, Cache> {
        let without_place = |cache: &Cache| Cache {
            range: 0..0,
            ..cache.clone()
        };
        let caches = fleet.caches.iter();
        caches
            .map(|(name, cache)| (name.clone(), without_place(cache)))
            .collect()
    };
    let (old, new) = (without_places(before), without_places(after));
    let mut affected: BTreeSet<HostName> = different(&old, &new).cloned().collect();
    affected.extend(new.into_keys().filter(|host| hosts.contains(host)));
    affected
}

/// The caches elsewhere that are not the same.
fn external_caches(before: &Fleet, after: &Fleet) -> BTreeSet<HostName> {
    let without_places = |fleet: &Fleet| -> BTreeMap<HostName, ExternalCache> {
        let without_place = |cache: &ExternalCache| ExternalCache {
            range: 0..0,
            ..cache.clone()
        };
        let caches = fleet.external_caches.iter();
        caches
            .map(|(name, cache)| (name.clone(), without_place(cache)))
            .collect()
    };
    let (old, new) = (without_places(before), without_places(after));
    different(&old, &new).cloned().collect()
}

/// The keys that only one of the two has, or that have another value in each.
fn different<'m, K: Ord, V: PartialEq>(
    one: &'m BTreeMap<K, V>,
    other: &'m BTreeMap<K, V>,
) -> impl Iterator<Item = &'m K> {
    let changed = one
        .iter()
        .filter(|(key, value)| other.get(*key) != Some(*value));
    let new = other.keys().filter(|key| !one.contains_key(*key));
    changed.map(|(key, _)| key).chain(new)
}
