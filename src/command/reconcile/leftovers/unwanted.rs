//! Which imports are not wanted any more.

use std::collections::{BTreeMap, BTreeSet};

use crate::repo::{Repo, RepoPath};
use crate::wiring;

/// The imports that are not wanted any more.
pub(super) trait Unwanted: Sync {
    /// True for an import, from this file, that is to go.
    fn has(&self, repo: &Repo, from: &RepoPath, target: &str) -> bool;

    /// Most files are not parsed for this.
    fn may_be_named(&self, path: &RepoPath, text: &str) -> bool;

    /// True for a file of larder's own.
    fn contain(&self, path: &RepoPath) -> bool;
}

/// What is unwanted for any of these reasons.
pub(super) struct AnyOf<'u>(pub(super) &'u [&'u dyn Unwanted]);

impl Unwanted for AnyOf<'_> {
    fn has(&self, repo: &Repo, from: &RepoPath, target: &str) -> bool {
        let mut reasons = self.looking_into(from);
        reasons.any(|reason| reason.has(repo, from, target))
    }

    fn may_be_named(&self, path: &RepoPath, text: &str) -> bool {
        let mut reasons = self.looking_into(path);
        reasons.any(|reason| reason.may_be_named(path, text))
    }

    fn contain(&self, path: &RepoPath) -> bool {
        self.looking_into(path).next().is_none()
    }
}

impl<'u> AnyOf<'u> {
    /// The reasons that count in this file.
    fn looking_into(&self, path: &RepoPath) -> impl Iterator<Item = &'u dyn Unwanted> {
        let reasons = self.0.iter().copied();
        reasons.filter(|reason| !reason.contain(path))
    }
}

/// Where larder's files are and were: what is imported from there and is not there is not
/// wanted.
pub(super) struct OwnedFolders<'f> {
    pub(super) dirs: &'f [RepoPath],
    /// The folder as the inventory has it.
    pub(super) name: &'f str,
}

impl Unwanted for OwnedFolders<'_> {
    /// The file is gone, or the one that imports it was moved.
    fn has(&self, repo: &Repo, from: &RepoPath, target: &str) -> bool {
        let path = from.beside(target);
        let is_larders = path.as_ref().is_some_and(|path| self.contain(path))
            || wiring::is_import_of(self.name, target);
        is_larders && path.is_none_or(|path| !repo.path_exists(&path))
    }

    fn may_be_named(&self, _: &RepoPath, text: &str) -> bool {
        let mut names = self.dirs.iter().map(RepoPath::file_name);
        names.any(|name| text.contains(&format!("{name}/")))
    }

    fn contain(&self, path: &RepoPath) -> bool {
        self.dirs.iter().any(|dir| is_inside(path, dir))
    }
}

/// Owned modules that this change takes away.
pub(super) struct GoneModules(pub(super) Vec<RepoPath>);

impl GoneModules {
    pub(super) fn of(repo: &Repo, paths: &[&str]) -> Self {
        Self(paths.iter().filter_map(|path| repo.path(path)).collect())
    }
}

impl Unwanted for GoneModules {
    fn has(&self, _: &Repo, from: &RepoPath, target: &str) -> bool {
        let path = from.beside(target);
        path.is_some_and(|path| self.0.contains(&path))
    }

    fn may_be_named(&self, _: &RepoPath, text: &str) -> bool {
        let mut names = self.0.iter().map(RepoPath::file_name);
        names.any(|name| text.contains(name))
    }

    fn contain(&self, path: &RepoPath) -> bool {
        self.0.contains(path)
    }
}

/// What larder wrote for a host, in the own module of another.
pub(super) struct OfOtherHosts {
    /// The host modules, each with the owned modules that it is to import.
    own: BTreeMap<RepoPath, BTreeSet<RepoPath>>,
    all: BTreeSet<RepoPath>,
}

impl OfOtherHosts {
    pub(super) fn of(repo: &Repo, modules: &BTreeMap<&str, BTreeSet<&str>>) -> Self {
        let paths = |stubs: &BTreeSet<&str>| {
            let stubs = stubs.iter();
            stubs.filter_map(|stub| repo.path(stub)).collect()
        };
        let own: BTreeMap<RepoPath, BTreeSet<RepoPath>> = modules
            .iter()
            .filter_map(|(module, stubs)| Some((repo.path(module)?, paths(stubs))))
            .collect();
        let all = own.values().flatten().cloned().collect();
        Self { own, all }
    }
}

impl Unwanted for OfOtherHosts {
    fn has(&self, _: &Repo, from: &RepoPath, target: &str) -> bool {
        let is_anothers = |path: &RepoPath| {
            let own = self.own.get(from);
            self.all.contains(path) && own.is_some_and(|own| !own.contains(path))
        };
        from.beside(target).as_ref().is_some_and(is_anothers)
    }

    fn may_be_named(&self, path: &RepoPath, text: &str) -> bool {
        let is_own = |rest: &str| {
            let mut own = self.own.get(path).into_iter().flatten();
            own.any(|own| rest.starts_with(own.file_name()))
        };
        let mut after = text.split("hosts/").skip(1);
        after.any(|rest| !is_own(rest))
    }

    fn contain(&self, path: &RepoPath) -> bool {
        !self.own.contains_key(path)
    }
}

fn is_inside(path: &RepoPath, dir: &RepoPath) -> bool {
    let below = path.as_str().strip_prefix(dir.as_str());
    below.is_some_and(|below| below.starts_with('/'))
}
