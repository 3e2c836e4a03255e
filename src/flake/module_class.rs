//! Whether a file is a module of a machine, or one of the flake's own.
//!
//! An import of a NixOS module is right in the first kind alone. A flake has a module
//! system of its own in flake-parts and its kin, and `imports` there are more of the
//! flake's modules; a file that returns hosts has no `imports` at all.

use std::collections::BTreeSet;

use crate::flake::discovery::Discovery;
use crate::nix::{AttrPath, NixFile, Outline, OutlineBinding, OutlineValue};
use crate::repo::{Repo, RepoPath};

/// The first names of the options of NixOS, and of what most machines add to them.
const NIXOS: &[&str] = &[
    "age",
    "assertions",
    "boot",
    "console",
    "containers",
    "disko",
    "documentation",
    "environment",
    "fileSystems",
    "fonts",
    "hardware",
    "i18n",
    "imports",
    "image",
    "networking",
    "nix",
    "nixpkgs",
    "power",
    "powerManagement",
    "programs",
    "qt",
    "security",
    "services",
    "sops",
    "specialisation",
    "swapDevices",
    "system",
    "systemd",
    "time",
    "users",
    "virtualisation",
    "warnings",
    "xdg",
    "zramSwap",
];

/// The arguments that every module of a machine may take.
const ARGUMENTS: &[&str] = &["config", "lib", "modulesPath", "options", "pkgs", "utils"];

/// The first names of the options of flakes that are made of modules.
const FLAKE: &[&str] = &[
    "den",
    "easy-hosts",
    "ezConfigs",
    "nixosConfigurations",
    "perSystem",
];

/// The outputs of a flake, as its modules set them below `flake`.
const OUTPUTS: &[&str] = &[
    "darwinConfigurations",
    "homeConfigurations",
    "homeModules",
    "lib",
    "modules",
    "nixosConfigurations",
    "nixosModules",
    "overlays",
    "packages",
];

/// Names of modules that are of other kinds than NixOS.
const OTHER_CLASSES: &[&str] = &[
    "darwin",
    "hjem",
    "hm",
    "home",
    "home-manager",
    "homeManager",
];

/// True if the file is sure to be no module of a machine: `flake.nix`, a module of the
/// flake itself, a file that returns hosts. `hosts` are names of machines.
pub fn is_of_the_flake<'a>(
    repo: &Repo,
    found: Option<&Discovery>,
    file: &RepoPath,
    nix: &NixFile,
    hosts: impl IntoIterator<Item = &'a str>,
) -> bool {
    if repo.path("flake.nix").as_ref() == Some(file) {
        return true;
    }
    if let Some(found) = found {
        if found.parts.contains(file) {
            return true;
        }
        let mut listed = found.hosts.iter().flat_map(|host| &host.modules);
        if listed.any(|module| module.whole_file() == Some(file)) {
            return false;
        }
    }
    let hosts: BTreeSet<&str> = hosts.into_iter().collect();
    let outline = Outline::of(nix);
    outline.is_some_and(|outline| reads_as_flake(&outline, &hosts))
}

fn reads_as_flake(outline: &Outline, hosts: &BTreeSet<&str>) -> bool {
    let paths = || outline.bindings.iter().map(|one| below_config(&one.path));
    let is_flakes = |path: &[String]| match path {
        [first, second, ..] if first == "flake" => OUTPUTS.contains(&second.as_str()),
        [first, ..] => FLAKE.contains(&first.as_str()),
        [] => false,
    };
    if paths().any(is_flakes) {
        return true;
    }
    let is_argument = |name: &String| name != "lib" && ARGUMENTS.contains(&name.as_str());
    let is_machines = paths().any(sets_nixos) || outline.arguments.iter().any(is_argument);
    !is_machines && (outline.is_closed || outline.bindings.iter().any(|one| makes(one, hosts)))
}

/// True for `pai = mkHost …`, for `pai.modules = …`, and for the `modules` of an entry
/// that is a file of its own.
fn makes(binding: &OutlineBinding, hosts: &BTreeSet<&str>) -> bool {
    let is_host = |name: &String| hosts.contains(name.as_str());
    if binding.path == ["modules"] {
        return true;
    }
    match binding.path.iter().position(is_host) {
        None => false,
        Some(at) if at + 1 == binding.path.len() => match &binding.value {
            OutlineValue::Call(Some(name)) => !is_property(name),
            OutlineValue::Call(None) => true,
            _ => false,
        },
        Some(at) => binding.path[at + 1] == "modules",
    }
}

/// True for `lib.mkIf` and the like, which set an option's value.
fn is_property(function: &str) -> bool {
    let name = function.rsplit('.').next().unwrap_or(function);
    [
        "mkIf",
        "mkDefault",
        "mkForce",
        "mkMerge",
        "mkOverride",
        "mkOption",
    ]
    .contains(&name)
}

/// True for the path of an option, or a part of it: `system.stateVersion`, and not the
/// `system` of a host's row.
fn sets_nixos(path: &[String]) -> bool {
    match path {
        [only] => only == "imports",
        [first, ..] => NIXOS.contains(&first.as_str()),
        [] => false,
    }
}

fn below_config(path: &[String]) -> &[String] {
    match path.split_first() {
        Some((first, rest)) if first == "config" && !rest.is_empty() => rest,
        _ => path,
    }
}

/// The attribute paths in a file at which a module of this host is written.
pub fn modules_within(file: &NixFile, host: &str) -> Vec<AttrPath> {
    let outline = Outline::of(file).unwrap_or_default();
    let modules = outline
        .bindings
        .iter()
        .filter_map(|one| module_in(one, host));
    let modules: BTreeSet<AttrPath> = modules.collect();
    modules.into_iter().collect()
}

/// The path of the module that a binding is, or is a part of: below the host's name.
fn module_in(binding: &OutlineBinding, host: &str) -> Option<AttrPath> {
    let path = below_config(&binding.path);
    let named = path.iter().position(|name| name == host)?;
    let below = &path[named + 1..];
    let option = (0..below.len()).find(|at| sets_nixos(&below[*at..]));
    let is_other = |name: &String| OTHER_CLASSES.contains(&name.as_str());
    let length = match (option, &binding.value) {
        (Some(at), _) => named + 1 + at,
        (None, OutlineValue::Function(Some(_))) => path.len(),
        (None, _) => return None,
    };
    let module = &path[..length];
    let is_meant = !module[named + 1..].iter().any(is_other);
    is_meant.then(|| AttrPath::new(module.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(text: &str) -> Outline {
        Outline::of(&NixFile::parse(text).unwrap()).unwrap()
    }

    #[test]
    fn a_module_of_a_machine_is_none_of_the_flake() {
        let hosts = BTreeSet::from(["pai", "nas"]);
        for text in [
            "{ networking.hostName = \"pai\"; }",
            "{ inputs }: { services.openssh.enable = true; }",
            "{ inputs, ... }: { nas.enable = true; }",
            "{ lib, ... }: { nas = lib.mkDefault true; }",
            "{ config, ... }: { fleet.pai.modules = [ ]; }",
            "{ }",
        ] {
            assert!(!reads_as_flake(&outline(text), &hosts), "{text}");
        }
    }

    #[test]
    fn a_file_of_the_flake_is_no_module_of_a_machine() {
        let hosts = BTreeSet::from(["pai", "nas"]);
        for text in [
            "{ inputs, ... }: { flake.modules.nixos.pai = { }; }",
            "{ config.den.aspects.pai.nixos = { }; }",
            "{ builder }: { x = 1; }",
            "{ inputs, ... }: { system = \"x\"; modules = [ ./pai.nix ]; }",
            "{ builder, ... }: { pai = builder.lib.build { }; }",
            "{ lib, ... }: { machines.pai = { system = \"x\"; modules = [ ]; }; }",
        ] {
            assert!(reads_as_flake(&outline(text), &hosts), "{text}");
        }
    }

    #[track_caller]
    fn within(text: &str, expected: &[&str]) {
        let found = modules_within(&NixFile::parse(text).unwrap(), "pai");
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn the_module_of_a_host_is_below_its_name() {
        within(
            "{ a.pai = { system = \"x\"; body = { ... }: { }; }; }",
            &["a.pai.body"],
        );
        within(
            "{ den.aspects.pai = { nixos.boot.x = 1; homeManager = { pkgs, ... }: { }; }; }",
            &["den.aspects.pai.nixos"],
        );
        within(
            "{ config.fleet.pai.body = { networking = { }; services.x = 1; }; }",
            &["fleet.pai.body"],
        );
        within("{ den.aspects.pai.includes = [ ]; }", &[]);
        within(
            "{ flake.nixosConfigurations.pai = f { modules = [ { boot.x = 1; } ]; }; }",
            &[],
        );
    }
}
