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

/// A text, and whether a condition decides about it that is not known.
type Said = (String, bool);

/// What the module `module` of the host `pai` says of sshd's root logins and of who may log
/// in, where `my.on` is declared and is on for this host, and `my.off` is not.
fn said(module: &str) -> (Option<Said>, Vec<Said>) {
    let module = format!(
        "{{ config, lib, pkgs, ... }}: with lib; let cfg = config.my; in {{ config = {module}; }}"
    );
    let repo = Repo::from_pairs([
        (
            "flake.nix",
            "{ outputs = { nixpkgs, home, ... }: {
                 nixosConfigurations.pai = nixpkgs.lib.nixosSystem {
                   modules = [ home.nixosModules.x ./options.nix ./pai.nix ./m.nix ];
                 };
               }; }",
        ),
        (
            "options.nix",
            "{ lib, ... }: { options.my = {
                 on = lib.mkEnableOption \"a\";
                 off = lib.mkOption { type = lib.types.bool; default = false; };
                 users = lib.mkOption { default = [ \"root\" ]; };
               }; }",
        ),
        (
            "pai.nix",
            "{ my.on = true; networking.hostName = \"pai\"; }",
        ),
        ("m.nix", module.as_str()),
    ]);
    let flake = discover(&repo).unwrap();
    let host = Host::named("pai".parse().unwrap());
    let machine = HostSurvey::new(Survey::new(&repo), Some(&flake));
    let machine = machine.machine(&host).unwrap();
    let hits = machine.all("services.openssh.settings.PermitRootLogin");
    let hit = hits.first().map(|hit| {
        let text = hit.value.text().unwrap_or("?");
        (text.to_owned(), hit.is_conditional())
    });
    let words = machine
        .words("services.openssh.settings.AllowUsers")
        .into_iter();
    let words = words.map(|word| (word.text, word.spot.condition.is_some()));
    (hit, words.collect())
}

#[test]
fn what_is_under_a_condition_that_holds_is_in_force() {
    for module in [
        "mkIf cfg.on { services.openssh.settings.PermitRootLogin = \"no\"; }",
        "{ services.openssh.settings = optionalAttrs cfg.on { PermitRootLogin = \"no\"; }; }",
        "{ services.openssh.settings = { } // (if cfg.on then { PermitRootLogin = \"no\"; } else { }); }",
        "mkMerge [ (mkIf cfg.off { services.openssh.settings.PermitRootLogin = \"yes\"; }) (mkIf (!cfg.off) { services.openssh.settings.PermitRootLogin = mkForce \"no\"; }) ]",
        "{ services.openssh.settings.PermitRootLogin = mkMerge [ (mkIf cfg.off \"yes\") (lib.mkIf (config.networking.hostName == \"pai\") \"no\") ]; }",
        "{ services.openssh.settings.PermitRootLogin = if cfg.off then \"yes\" else \"no\"; }",
    ] {
        let hit = said(module).0;
        assert_eq!(hit, Some(("no".to_owned(), false)), "{module}");
    }
}

#[test]
fn what_is_under_an_option_that_is_off_is_not_in_force() {
    for module in [
        "mkIf cfg.off { services.openssh.settings.PermitRootLogin = \"no\"; }",
        "{ services.openssh = mkIf (cfg.on && cfg.off) { settings.PermitRootLogin = \"no\"; }; }",
        "{ services = optionalAttrs cfg.off { openssh.settings.PermitRootLogin = \"no\"; }; }",
        "{ services.openssh.settings.PermitRootLogin = mkIf cfg.off (mkForce \"no\"); }",
    ] {
        assert_eq!(said(module).0, None, "{module}");
    }
}

#[test]
fn what_is_under_an_unknown_condition_stays_conditional() {
    for module in [
        "mkIf pkgs.stdenv.isLinux { services.openssh.settings.PermitRootLogin = \"no\"; }",
        "mkIf config.services.xserver.enable { services.openssh.settings.PermitRootLogin = \"no\"; }",
        "mkMerge [ (mkIf (cfg.on && pkgs.x) { services.openssh.settings.PermitRootLogin = \"no\"; }) ]",
    ] {
        let hit = said(module).0;
        assert_eq!(hit, Some(("no".to_owned(), true)), "{module}");
    }
}

#[test]
fn the_items_of_a_list_are_known_one_by_one() {
    for (list, known) in [
        ("[ \"a\" ] ++ optionals cfg.off [ \"b\" ]", &["a"][..]),
        ("[ \"a\" ] ++ optional cfg.on \"b\"", &["a", "b"]),
        (
            "mkIf cfg.on (if cfg.off then [ \"a\" ] else [ \"b\" ])",
            &["b"],
        ),
        ("map (name: name + \"1\") cfg.users", &["root1"]),
    ] {
        let module = format!("{{ services.openssh.settings.AllowUsers = {list}; }}");
        let words = said(&module).1;
        let names: Vec<&str> = words.iter().map(|(word, _)| word.as_str()).collect();
        assert_eq!(names, known, "{list}");
        assert!(words.iter().all(|(_, conditional)| !conditional), "{list}");
    }
    let unknown =
        said("{ services.openssh.settings.AllowUsers = [ \"a\" ] ++ optionals pkgs.x [ \"b\" ]; }");
    assert_eq!(unknown.1, [("a".to_owned(), false), ("b".to_owned(), true)]);
}
