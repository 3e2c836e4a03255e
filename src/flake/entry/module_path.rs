//! Where the module of a new host goes: where its siblings' modules are.

use std::collections::BTreeMap;

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
    let mut votes: BTreeMap<RepoPath, usize> = BTreeMap::new();
    for host in &found.hosts {
        if let Some(path) = like(repo, found, host, name) {
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

/// How much of the path are folders that hold another host's module as well: `hosts/nixos/`
/// is nobody's of `hosts/nixos/nixos.nix` and `hosts/nixos/pai.nix`.
fn folders_of_all(found: &Discovery, host: &FoundHost, module: &RepoPath) -> usize {
    let others = found.hosts.iter().filter(|other| other.name != host.name);
    let others = others.filter_map(|other| other.module.as_ref().filter(|path| *path != module));
    let alike = |other: &RepoPath| {
        let pairs = module.as_str().bytes().zip(other.as_str().bytes());
        let same = pairs.take_while(|(one, other)| one == other).count();
        module.as_str()[..same].rfind('/').map_or(0, |at| at + 1)
    };
    others.map(alike).max().unwrap_or_default()
}

/// Where the module would be if it were made like this host's.
pub(super) fn like(
    repo: &Repo,
    found: &Discovery,
    host: &FoundHost,
    name: &str,
) -> Option<RepoPath> {
    let module = host.module.as_ref()?;
    let (shared, own) = module
        .as_str()
        .split_at(folders_of_all(found, host, module));
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
