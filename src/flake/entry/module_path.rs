//! Where the module of a new host goes: where its siblings' modules are.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use crate::flake::discovery::{Discovery, EntryKind, FoundHost};
use crate::flake::entry::naming::{self, module_name};
use crate::repo::{Repo, RepoPath};
use crate::text::rename_word;

/// The place of the module of a new host: that of most of its siblings, with their
/// name replaced; `hosts/NAME/default.nix` where there is nothing to go by.
pub fn module_path_for(repo: &Repo, found: &Discovery, name: &str) -> RepoPath {
    module_path_on(repo, found, name, None)
}

/// The same for a host of a platform, where the path says the platform
/// (`systems/x86_64-linux/NAME/default.nix`).
pub fn module_path_on(
    repo: &Repo,
    found: &Discovery,
    name: &str,
    system: Option<&str>,
) -> RepoPath {
    let modules = ModulePaths::of(found);
    let mut votes: BTreeMap<RepoPath, usize> = BTreeMap::new();
    for host in &found.hosts {
        if let Some(path) = like(repo, &modules, host, name) {
            *votes.entry(on(&path, host, system)).or_default() += 1;
        }
    }
    let usual = |path: &RepoPath| path.as_str().contains(system.unwrap_or("x86_64"));
    let best = votes
        .into_iter()
        .max_by_key(|(path, count)| (*count, usual(path), std::cmp::Reverse(path.clone())));
    let fallback = || repo.path(&format!("hosts/{name}/default.nix"));
    best.map(|(path, _)| path)
        .or_else(fallback)
        .unwrap_or_default()
}

fn on(path: &RepoPath, host: &FoundHost, system: Option<&str>) -> RepoPath {
    let (Some(old), Some(new)) = (host.system.as_deref(), system) else {
        return path.clone();
    };
    RepoPath::new(&rename_word(path.as_str(), old, new)).unwrap_or_else(|| path.clone())
}

/// The modules of all hosts, in order of their paths.
pub(super) struct ModulePaths<'a>(BTreeSet<&'a str>);

impl<'a> ModulePaths<'a> {
    pub(super) fn of(found: &'a Discovery) -> Self {
        let modules = found.hosts.iter().filter_map(|host| host.module.as_ref());
        Self(modules.map(RepoPath::as_str).collect())
    }

    /// How much of the path are folders that hold another host's module as well: `hosts/nixos/`
    /// is nobody's of `hosts/nixos/nixos.nix` and `hosts/nixos/pai.nix`.
    ///
    /// No path has more in common with it than one of its neighbours.
    fn folders_of_all(&self, module: &RepoPath) -> usize {
        let module = module.as_str();
        let before = self.0.range::<&str, _>(..module).next_back();
        let above = (Bound::Excluded(module), Bound::Unbounded);
        let after = self.0.range::<&str, _>(above);
        let alike = |other: &&str| {
            let pairs = module.bytes().zip(other.bytes());
            let same = pairs.take_while(|(one, other)| one == other).count();
            let folders = module.as_bytes()[..same].iter().rposition(|it| *it == b'/');
            folders.map_or(0, |at| at + 1)
        };
        let neighbours = before.into_iter().chain(after.take(1));
        neighbours.map(alike).max().unwrap_or_default()
    }
}

/// Where the module would be if it were made like this host's.
pub(super) fn like(
    repo: &Repo,
    modules: &ModulePaths<'_>,
    host: &FoundHost,
    name: &str,
) -> Option<RepoPath> {
    let module = host.module.as_ref()?;
    let (shared, own) = module.as_str().split_at(modules.folders_of_all(module));
    let renamed = format!("{shared}{}", rename_word(own, &host.name, name));
    if renamed != module.as_str() {
        return RepoPath::new(&renamed);
    }
    if host
        .entry
        .as_ref()
        .is_some_and(|entry| entry.kind == EntryKind::Directory)
    {
        return None;
    }
    let name = module_name(host).map_or(name, |module| naming::beside(module, &host.name, name));
    let dir = module.parent();
    let stem = module.file_name().strip_suffix(".nix")?;
    let enters = matches!(stem, "default" | "configuration");
    match (enters, dir == *repo.dir()) {
        // The one machine of a flake that begins to have two.
        (true, true) => dir.join(&format!("configuration-{name}.nix")),
        (true, false) => dir.parent().join(&format!("{name}/{stem}.nix")),
        (false, _) => dir.join(&format!("{name}.nix")),
    }
}
