//! Where the module of a new host goes: where its siblings' modules are.

use std::collections::BTreeMap;

use crate::flake::discovery::{Discovery, EntryKind, FoundHost};
use crate::repo::{Repo, RepoPath};

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
        if let Some(path) = like(repo, host, name) {
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
    RepoPath::new(&renamed_path(path.as_str(), old, new)).unwrap_or_else(|| path.clone())
}

/// Where the module would be if it were made like this host's.
pub(super) fn like(repo: &Repo, host: &FoundHost, name: &str) -> Option<RepoPath> {
    let module = host.module.as_ref()?;
    let renamed = renamed_path(module.as_str(), &host.name, name);
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

/// Replaces a name between separators, and not within words.
pub(super) fn renamed_path(text: &str, old: &str, new: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut before = None;
    while let Some(c) = rest.chars().next() {
        let behind = rest.strip_prefix(old).map(|rest| rest.chars().next());
        let is_name =
            behind.is_some_and(|behind| !old.is_empty() && apart(before) && apart(behind));
        let taken = if is_name { old.len() } else { c.len_utf8() };
        out.push_str(if is_name { new } else { &rest[..taken] });
        before = rest[..taken].chars().next_back();
        rest = &rest[taken..];
    }
    out
}

fn apart(c: Option<char>) -> bool {
    c.is_none_or(|c| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_replaced_where_it_is_a_word() {
        assert_eq!(
            renamed_path("hosts/pai/pai.nix", "pai", "kea"),
            "hosts/kea/kea.nix"
        );
        assert_eq!(
            renamed_path("configuration-pai.nix", "pai", "kea"),
            "configuration-kea.nix"
        );
        assert_eq!(
            renamed_path("hosts/paint/default.nix", "pai", "kea"),
            "hosts/paint/default.nix"
        );
        assert_eq!(renamed_path("a/b", "", "kea"), "a/b");
    }
}
