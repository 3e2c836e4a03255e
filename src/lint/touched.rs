//! What a change can have made different, so that nothing else is judged again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::flake::{Discovery, FoundHost};
use crate::fleet::{Cache, Fleet, Host, HostName};
use crate::repo::{Repo, RepoPath};
use crate::wiring;

/// What is judged: everything, or what a change has touched.
#[derive(Debug, Clone)]
pub struct Touched {
    /// `None`: everything.
    parts: Option<Parts>,
    /// But for the owned modules, which are as they were when they were right.
    owned_are_right: bool,
}

#[derive(Debug, Clone, Default)]
struct Parts {
    files: BTreeSet<RepoPath>,
    hosts: BTreeSet<HostName>,
    /// By their hosts; those whose hosts are touched included.
    caches: BTreeSet<HostName>,
    /// Owned modules, by path from the flake's folder.
    owned: BTreeSet<String>,
}

/// What the inventory and the flake say, before a change or after it.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The inventory.
    pub fleet: &'a Fleet,
    /// The flake's hosts.
    pub found: &'a Discovery,
}

impl Touched {
    /// Everything.
    pub fn all() -> Self {
        Self {
            parts: None,
            owned_are_right: false,
        }
    }

    /// Everything but the owned modules, if these are known to be right.
    pub fn all_unless(owned_are_right: bool) -> Self {
        Self {
            parts: None,
            owned_are_right,
        }
    }

    /// What is touched by a change of these files.
    ///
    /// A change of a module that several hosts may import touches everything: who
    /// imports it is not known before all is read.
    pub fn between(before: Side<'_>, after: Side<'_>, repo: &Repo, files: &[RepoPath]) -> Self {
        let knows_whose = |path: &RepoPath| {
            std::path::Path::new(path.as_str()).extension() != Some("nix".as_ref())
                || is_known(before, repo, path)
                || is_known(after, repo, path)
        };
        if !same_frame(before, after) || !files.iter().all(knows_whose) {
            return Self::all();
        }
        let mut parts = Parts {
            files: files.iter().cloned().collect(),
            owned: owned(before.fleet, after.fleet),
            ..Parts::default()
        };
        let changed = files.iter().map(|path| repo.shown(path));
        parts.owned.extend(changed);
        parts.hosts = hosts(before, after, &parts.owned);
        parts.caches = caches(before.fleet, after.fleet, &parts.hosts);
        Self {
            parts: Some(parts),
            owned_are_right: false,
        }
    }

    pub(super) fn file(&self, path: &RepoPath) -> bool {
        self.has(|parts| parts.files.contains(path))
    }

    pub(super) fn host(&self, name: &HostName) -> bool {
        self.has(|parts| parts.hosts.contains(name))
    }

    pub(super) fn cache(&self, host: &HostName) -> bool {
        self.has(|parts| parts.caches.contains(host))
    }

    pub(super) fn owned(&self, path: &str) -> bool {
        self.some_owned() && self.has(|parts| parts.owned.contains(path))
    }

    /// True if owned modules are judged.
    pub(super) fn some_owned(&self) -> bool {
        !self.owned_are_right
    }

    fn has(&self, is_in: impl FnOnce(&Parts) -> bool) -> bool {
        self.parts.as_ref().is_none_or(is_in)
    }
}

/// What holds for every host is the same on both sides.
fn same_frame(before: Side<'_>, after: Side<'_>) -> bool {
    before.fleet.dir == after.fleet.dir
        && before.fleet.import == after.fleet.import
        && before.found.notes.is_empty() == after.found.notes.is_empty()
}

/// True for the files of which it is known whose they are: the flake's and larder's
/// own, and the hosts' modules.
fn is_known(side: Side<'_>, repo: &Repo, path: &RepoPath) -> bool {
    let shown = repo.shown(path);
    let is_module = |host: &Host| host.module.as_deref() == Some(&shown);
    let makes_host = |host: &FoundHost| host.entry.as_ref().is_some_and(|it| it.file == *path);
    let is_import = side.fleet.import.as_deref() == Some(&shown);
    *path == side.found.flake
        || shown.starts_with(&format!("{}/", side.fleet.dir))
        || side.found.hosts.iter().any(makes_host)
        || !is_import && side.fleet.hosts.values().any(is_module)
}

/// The owned modules that are not the same.
fn owned(before: &Fleet, after: &Fleet) -> BTreeSet<String> {
    let (old, new) = (wiring::expected(before), wiring::expected(after));
    different(&old, &new).cloned().collect()
}

fn hosts(before: Side<'_>, after: Side<'_>, changed: &BTreeSet<String>) -> BTreeSet<HostName> {
    let plain = |fleet: &Fleet| -> BTreeMap<HostName, Host> {
        let hosts = fleet.hosts.iter();
        let bare = |host: &Host| Host {
            range: 0..0,
            ..host.clone()
        };
        hosts
            .map(|(name, host)| (name.clone(), bare(host)))
            .collect()
    };
    let mut touched: BTreeSet<HostName> = different(&plain(before.fleet), &plain(after.fleet))
        .cloned()
        .collect();
    let of = in_flake(before.found);
    let now = in_flake(after.found);
    let stubs: HashMap<HostName, String> = wiring::imports(after.fleet).into_iter().collect();
    let hosts = after.fleet.hosts.values().filter(|host| {
        let module = host.module.as_ref();
        of.get(host.name.as_str()) != now.get(host.name.as_str())
            || module.is_some_and(|module| changed.contains(module))
            || stubs
                .get(&host.name)
                .is_some_and(|stub| changed.contains(stub))
    });
    touched.extend(hosts.map(|host| host.name.clone()));
    touched
}

/// What the flake says of each host; where in the flake it says it is left out.
fn in_flake(found: &Discovery) -> HashMap<&str, FoundHost> {
    let said = |host: &FoundHost| FoundHost {
        entry: None,
        ..host.clone()
    };
    let hosts = found.hosts.iter();
    hosts.map(|host| (host.name.as_str(), said(host))).collect()
}

fn caches(before: &Fleet, after: &Fleet, hosts: &BTreeSet<HostName>) -> BTreeSet<HostName> {
    let plain = |fleet: &Fleet| -> BTreeMap<HostName, Cache> {
        let bare = |cache: &Cache| Cache {
            range: 0..0,
            ..cache.clone()
        };
        let caches = fleet.caches.iter();
        caches
            .map(|(name, cache)| (name.clone(), bare(cache)))
            .collect()
    };
    let (old, new) = (plain(before), plain(after));
    let mut touched: BTreeSet<HostName> = different(&old, &new).cloned().collect();
    touched.extend(new.into_keys().filter(|host| hosts.contains(host)));
    touched
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
