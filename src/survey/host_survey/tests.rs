//! Which modules make up a host.

use super::*;
use crate::flake::discover;
use crate::repo::Repo;
use crate::survey::unread::Unread;

/// The host `pai` of a flake with these outputs, and a few modules beside it.
fn pai(outputs: &str) -> Machine {
    let flake = format!(
        "{{ outputs = inputs@{{ self, nixpkgs, home, ... }}: let inherit (nixpkgs) lib; in {{ {outputs} }}; }}"
    );
    let repo = Repo::from_pairs([
        ("flake.nix", flake.as_str()),
        ("pai.nix", "{ imports = [ ./deeper.nix ]; }"),
        ("deeper.nix", "{ imports = [ (lib.mkIt ./x.nix) ]; }"),
        ("common.nix", "{ services.openssh.enable = true; }"),
        ("extra/default.nix", "{ }"),
    ]);
    let flake = discover(&repo).unwrap();
    let host = Host {
        module: Some("pai.nix".to_owned()),
        ..Host::named("pai".parse().unwrap())
    };
    let survey = HostSurvey::new(Survey::new(&repo), Some(&flake));
    survey.machine(&host).unwrap()
}

#[test]
fn every_module_that_the_flake_lists_is_the_hosts() {
    for outputs in [
        "nixosConfigurations.pai = lib.nixosSystem { modules = [ ./common.nix ] ++ [ ./pai.nix ]; };",
        "nixosConfigurations = let mk = name: lib.nixosSystem { modules = [ ./common.nix ./${name}.nix ]; }; in lib.genAttrs [ \"pai\" ] mk;",
        "nixosConfigurations = let shared = [ ./common.nix ]; in { pai = lib.nixosSystem { modules = shared ++ [ ./pai.nix ]; }; };",
        "nixosConfigurations.pai = lib.nixosSystem { modules = map (file: ./. + \"/${file}.nix\") [ \"pai\" \"common\" ]; };",
        "nixosModules.common = ./common.nix; nixosConfigurations.pai = lib.nixosSystem { modules = [ self.nixosModules.common ./pai.nix ]; };",
        "nixosModules.common = { services.openssh.enable = true; }; nixosConfigurations.pai = lib.nixosSystem { modules = [ self.nixosModules.common ./pai.nix ]; };",
        "nixosConfigurations.pai = lib.nixosSystem { modules = [ { services.openssh.enable = true; } ./pai.nix ]; };",
        "nixosConfigurations.pai = lib.nixosSystem { modules = [ ({ pkgs, ... }: { imports = [ ./common.nix ]; }) ./pai.nix ]; };",
    ] {
        let machine = pai(outputs);
        let flag = machine.flag("services.openssh.enable").map(|(on, _)| on);
        assert_eq!(flag, Some(true), "{outputs}");
        assert_eq!(machine.files().next().unwrap().as_str(), "pai.nix");
    }
}

#[test]
fn a_module_of_another_host_is_not_the_hosts() {
    let machine = pai("nixosConfigurations = let
           mk = modules: lib.nixosSystem { inherit modules; };
         in {
           pai = mk [ ./pai.nix { services.openssh.enable = false; } ];
           kalaw = mk [ ./common.nix { services.openssh.enable = true; } ];
         };");
    let flag = machine.flag("services.openssh.enable").map(|(on, _)| on);
    assert_eq!(flag, Some(false));
}

#[test]
fn what_was_not_read_has_a_name() {
    let machine = pai("nixosConfigurations.pai = lib.nixosSystem {
           modules = [ home.nixosModules.default ./pai.nix ./extra ./gone.nix ];
         };");
    let unread = machine.unread();
    let names: Vec<String> = unread.iter().map(Unread::to_string).collect();
    assert_eq!(
        names,
        [
            "`inputs.home.nixosModules.default`",
            "a module that the flake lists: `gone.nix` is not among the tracked files",
            "`(lib.mkIt ./x.nix)` in `deeper.nix`",
        ]
    );
    let may_have_files: Vec<bool> = unread.iter().map(Unread::may_have_files).collect();
    assert_eq!(may_have_files, [false, true, true]);
}
