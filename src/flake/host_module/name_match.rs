//! Whether a path is named after a host.

use std::borrow::Cow;

use crate::flake::host_module::module_ref::ModuleRef;
use crate::repo::RepoPath;

/// How a path matches the name of a host; better matches are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NameMatch {
    /// It does not.
    None,
    /// It has the name of a host of which this one seems to be a variant: `pi` of
    /// `pi-bootstrap`. With how much of the name it has.
    Variant(usize),
    /// The file is somewhere below a folder of the host's name.
    Below,
    /// The entry file of a folder that the name ends with, or a folder and file
    /// that are the name together: `rescue/iso.nix` of `rescue-iso`.
    Parts,
    /// `NAME.nix`, or the entry file of the folder `NAME`.
    Whole,
}

/// Names of files with which a folder is entered.
const ENTRY: &[&str] = &[
    "default",
    "configuration",
    "config",
    "host",
    "main",
    "system",
    "nixos",
];

/// Folders in which people keep one entry a machine.
const FOLDERS: &[&str] = &[
    "configurations",
    "host",
    "hosts",
    "machine",
    "machines",
    "nixos",
    "nixos-configurations",
    "systems",
];

/// Folders that hold parts for many hosts, or things other than hosts.
const PARTS: &[&str] = &[
    "base",
    "baseline",
    "bundles",
    "common",
    "components",
    "disko",
    "disks",
    "features",
    "hardware",
    "home",
    "home-manager",
    "homes",
    "lib",
    "mixins",
    "overlays",
    "packages",
    "pkgs",
    "presets",
    "profiles",
    "roles",
    "secrets",
    "services",
    "shared",
    "suites",
    "users",
];

/// Folders that hold things other than machines; a file in them may have a host's name.
const OTHERS: &[&str] = &[
    "home",
    "home-manager",
    "homes",
    "overlays",
    "packages",
    "pkgs",
    "secrets",
    "users",
];

/// How a module matches a host's name. One that is nested in a file does so also by its
/// attribute path. A list of modules is only meant in a file of the host's own name.
pub(super) fn matches_name(module: &ModuleRef, host: &str) -> NameMatch {
    if is_aspect_module(module) || module.in_call {
        return NameMatch::None;
    }
    let by_file = of_path(&module.file, host);
    let Some(within) = &module.within else {
        return by_file;
    };
    if module.in_list {
        return match by_file {
            NameMatch::Whole => NameMatch::Whole,
            _ => NameMatch::None,
        };
    }
    let is_named = has_name(within, host);
    by_file.max(if is_named {
        NameMatch::Parts
    } else {
        NameMatch::None
    })
}

/// True if it is a list of modules that makes the host: what a call in a file of its name is
/// given, or what is at its name in a file that is called as a word of it.
pub(super) fn is_its_list(module: &ModuleRef, host: &str) -> bool {
    match &module.within {
        Some(_) if module.in_call => of_path(&module.file, host) == NameMatch::Whole,
        Some(within) => module.in_list && has_name(within, host) && has_word(&module.file, host),
        None => false,
    }
}

fn has_name(within: &str, host: &str) -> bool {
    within.split('.').any(|name| name.trim_matches('"') == host)
}

/// True if the file, or the folder that it enters, is called as one word of the host's name:
/// `beacon/default.nix` of `ada-beacon`.
fn has_word(file: &RepoPath, host: &str) -> bool {
    let name = whole_name(file);
    plain(host).split('-').any(|word| word == name) && !is_common(&name)
}

/// True if the file is named after the module that is nested in it.
pub(super) fn is_named_after_itself(module: &ModuleRef) -> bool {
    let within = module.within.as_deref().filter(|_| !module.in_list);
    let name = within.and_then(|within| within.rsplit('.').next());
    name.is_some_and(|name| of_path(&module.file, name.trim_matches('"')) == NameMatch::Whole)
}

/// How this path matches a host's name.
pub(super) fn of_path(path: &RepoPath, host: &str) -> NameMatch {
    let host = plain(host);
    let parts: Vec<Cow<'_, str>> = path.as_str().split('/').map(plain).collect();
    let Some((file, dirs)) = parts.split_last() else {
        return NameMatch::None;
    };
    if bears(&parts, &host) {
        return NameMatch::Whole;
    }
    let stem = entry_of(file.strip_suffix(".nix").unwrap_or(file));
    let enters = ENTRY.contains(&stem) || dirs.last().is_some_and(|dir| dir == stem);
    let mut names: Vec<&str> = dirs.iter().map(|dir| &**dir).collect();
    if !enters {
        names.push(stem);
    }
    named(&names, &host, enters).max(if dirs.contains(&host) {
        NameMatch::Below
    } else {
        NameMatch::None
    })
}

/// The name that the file or its folder has as a whole, before `configuration-` and the
/// like are cut off: it belongs to no host of a part of that name.
pub(super) fn whole_name(path: &RepoPath) -> String {
    let parts: Vec<Cow<'_, str>> = path.as_str().split('/').map(plain).collect();
    let stem = parts.last().map_or("", |file| stem_of(file));
    match parts.len().checked_sub(2) {
        Some(dir) if ENTRY.contains(&stem) => parts[dir].clone().into_owned(),
        _ => stem.to_owned(),
    }
}

/// `name` as [`whole_name`] gives names.
pub(super) fn plain_name(name: &str) -> String {
    plain(name).into_owned()
}

/// True if the file, or the folder that it enters, has just the host's name. A file that
/// is called as entries are is so only among hosts: `hosts/nixos.nix`.
fn bears(parts: &[Cow<'_, str>], host: &str) -> bool {
    let [dirs @ .., file] = parts else {
        return false;
    };
    let stem = stem_of(file);
    let folder = dirs.last().map(|dir| &**dir);
    if !ENTRY.contains(&stem) {
        let enters = is_kind_of_entry(stem) && folder == Some(host);
        return enters || stem == host;
    }
    let is_among_hosts = folder.is_none_or(|folder| FOLDERS.contains(&folder));
    folder == Some(host) || (stem == host && is_among_hosts)
}

/// `configuration-lxc` enters the folder of a machine that is a container.
fn is_kind_of_entry(stem: &str) -> bool {
    stem.starts_with("configuration-")
}

fn stem_of(file: &str) -> &str {
    file.strip_suffix(".nix").unwrap_or(file)
}

/// How the last of some folders and files match the name.
fn named(names: &[&str], host: &str, enters: bool) -> NameMatch {
    let Some((last, before)) = names.split_last() else {
        return NameMatch::None;
    };
    if *last == host {
        return NameMatch::Whole;
    }
    if enters && last.ends_with(&format!("-{host}")) {
        return NameMatch::Parts;
    }
    let mut best = prefix(last, host);
    let mut together = (*last).to_owned();
    for name in before.iter().rev().take(2) {
        together = format!("{name}-{together}");
        if together == host {
            return NameMatch::Parts;
        }
        best = best.max(prefix(&together, host));
    }
    let outer = before
        .last()
        .is_some_and(|dir| host.starts_with(&format!("{dir}-")));
    if outer && host.ends_with(&format!("-{last}")) {
        best = best.max(NameMatch::Variant(last.len()));
    }
    best
}

/// `configuration-pai` and `pai-host` say `pai`.
fn entry_of(stem: &str) -> &str {
    let before = ENTRY
        .iter()
        .find_map(|word| stem.strip_prefix(word)?.strip_prefix('-'));
    let after = || {
        ENTRY
            .iter()
            .find_map(|word| stem.strip_suffix(word)?.strip_suffix('-'))
    };
    before.or_else(after).unwrap_or(stem)
}

/// True if the file is called as the entry of a folder is.
pub(super) fn is_entry(path: &RepoPath) -> bool {
    let stem = path.file_name().strip_suffix(".nix").unwrap_or_default();
    ENTRY.contains(&stem)
}

/// True if the file describes one side of a machine only: its hardware, its disks,
/// the home of a user.
pub(super) fn is_aspect(path: &RepoPath) -> bool {
    is_aspect_file(path) || is_among_aspects(path)
}

/// As [`is_aspect`]; what a nested module is for its attribute path says, and not the folder.
pub(super) fn is_aspect_module(module: &ModuleRef) -> bool {
    match module.within {
        Some(_) => is_aspect_file(&module.file),
        None => is_aspect(&module.file),
    }
}

fn is_aspect_file(path: &RepoPath) -> bool {
    let starts = [
        "hardware",
        "hw-",
        "disk",
        "home.",
        "home-",
        "users.",
        "secrets.",
        "networking.",
    ];
    let ends = ["-hardware", "-hardware-configuration", "-disks", "-disko"];
    let name = plain(path.file_name());
    let stem = stem_of(&name);
    starts.iter().any(|start| name.starts_with(start)) || ends.iter().any(|end| stem.ends_with(end))
}

fn is_among_aspects(path: &RepoPath) -> bool {
    let name = plain(path.file_name());
    let is_configuration = stem_of(&name) == "configuration";
    let parent = path.parent();
    let mut dirs = parent.as_str().split('/').map(plain);
    dirs.any(|dir| {
        let is_others = OTHERS.contains(&&*dir) && !is_configuration;
        is_others || dir.starts_with("hardware") || dir.starts_with("disk")
    })
}

/// True if a folder on the way holds parts that many hosts use. `modules` is such
/// a folder unless hosts are nested modules themselves.
pub(super) fn is_shared_part(path: &RepoPath, nested: bool) -> bool {
    let parent = path.parent();
    let dirs: Vec<_> = parent.as_str().split('/').map(plain).collect();
    let modules = dirs.iter().rposition(|dir| dir == "modules");
    let is_of_hosts = |at: usize| dirs[at..].iter().any(|dir| is_folder_of_hosts(dir));
    let is_part = |dir: &str| PARTS.contains(&dir) && !(nested && OTHERS.contains(&dir));
    dirs.iter().any(|dir| is_part(dir)) || modules.is_some_and(|at| !nested && !is_of_hosts(at))
}

/// The first bytes of a host's name: the name of which it is a variant.
pub(super) fn base_name(host: &str, length: usize) -> String {
    plain(host).chars().take(length).collect()
}

/// True if a folder of this name is named after what it holds, and not after a machine.
pub(super) fn is_common(name: &str) -> bool {
    [ENTRY, FOLDERS, PARTS, OTHERS]
        .iter()
        .any(|all| all.contains(&name))
}

/// True if people keep one entry a machine in folders of this name.
pub(super) fn is_folder_of_hosts(name: &str) -> bool {
    FOLDERS.contains(&name)
}

/// `pi4-bootstrap` and `pi4kde` are variants of `pi4`, `pixie` is none of `pi`.
fn prefix(base: &str, host: &str) -> NameMatch {
    let Some(rest) = host.strip_prefix(base) else {
        return NameMatch::None;
    };
    let apart = base.len() >= 2 && rest.starts_with('-');
    let joined = base.len() >= 4 && !rest.is_empty();
    if apart || joined {
        NameMatch::Variant(base.len())
    } else {
        NameMatch::None
    }
}

/// Case, the kind of dash and decoration in front (`+pai.nix`) do not count.
fn plain(text: &str) -> Cow<'_, str> {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let is_plain = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase() && byte != b'_';
    if text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.to_lowercase().replace('_', "-"))
}

#[cfg(test)]
mod tests;
