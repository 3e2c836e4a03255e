//! Inventories in, owned modules out.

use std::collections::BTreeMap;

use crate::diagnostic::Source;
use crate::fleet::{self, Fleet, INVENTORY};
use crate::nix::NixFile;

use super::{imports, is_owned, render};

mod elsewhere;
mod fingerprint;
mod harmonia;
mod two_keys;

const HOSTS: &str = r#"
version = 1

[hosts.kalaw]
module = "configuration-kalaw.nix"
address = "kalaw.fritz.box"
host-key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBx8Q7vLplhZPOMb7FuxBpSNyFQKwcrLQ+Hi+raEWhWa"

[hosts.pai]
module = "configuration-pai.nix"
host-key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGEH51kbBM1qlUM4etUAP4+Zlllu/FSSzwkT0ExDlkR4"
"#;

const KEY: &str = "signing-key = \"kalaw-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=\"";

/// The two hosts of the mission, and what is added to them.
fn fleet(rest: &str) -> Fleet {
    let source = Source::new(INVENTORY, format!("{HOSTS}{rest}"));
    fleet::read(&source).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn rendered(rest: &str) -> BTreeMap<String, String> {
    render(&fleet(rest)).unwrap()
}

/// A file without its comments and blank lines.
fn code(text: &str) -> String {
    let is_code = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with('#');
    let lines: Vec<&str> = text.lines().filter(is_code).collect();
    lines.join("\n")
}

#[track_caller]
fn check(rest: &str, path: &str, expected: &str) {
    let files = rendered(rest);
    let text = files
        .get(path)
        .unwrap_or_else(|| panic!("{path} is not among {:?}", files.keys()));
    assert_eq!(code(text), expected.trim_matches('\n'));
}

#[test]
fn a_fleet_without_caches_has_no_modules() {
    assert!(rendered("").is_empty());
    assert!(imports(&fleet("")).is_empty());
}

#[test]
fn an_adopted_cache_is_left_to_its_people() {
    let rest = format!("[caches.kalaw]\nclients = [\"pai\"]\nwiring = \"adopted\"\n{KEY}\n");
    assert!(rendered(&rest).is_empty());
}

#[test]
fn two_hosts_and_a_cache() {
    let rest = format!("[caches.kalaw]\nclients = [\"pai\"]\nlan = true\n{KEY}\n");
    let files = rendered(&rest);
    let paths: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "larder/caches/kalaw.nix",
            "larder/connect.nix",
            "larder/hosts/kalaw.nix",
            "larder/hosts/pai.nix",
            "larder/key-unit.nix",
            "larder/keys.nix",
            "larder/login-key.nix",
            "larder/logins.nix",
            "larder/secret.nix",
            "larder/serve.nix",
            "larder/signing-key.nix",
            "larder/use.nix",
            "larder/warn.nix",
        ]
    );
    check(
        &rest,
        "larder/caches/kalaw.nix",
        r#"
let
  keys = import ../keys.nix;
in
{
  name = "kalaw";
  clients = [ keys.hosts.pai ];
  address = "kalaw.fritz.box";
  port = 22;
  proxyJump = [ ];
  priority = 30;
  protocol = "ssh";
  identity = null;
  hostKeys = [ keys.hosts.kalaw ];
  signingKeys = [ keys.signing.kalaw ];
  signingKeyName = "kalaw-1";
  signingKeyFiles = [ "/var/lib/larder/kalaw-1.secret" ];
  makeSigningKey = true;
  enableSshd = false;
}"#,
    );
    check(
        &rest,
        "larder/hosts/kalaw.nix",
        "{\n  imports = [ (import ../serve.nix ../caches/kalaw.nix) ];\n}",
    );
    check(
        &rest,
        "larder/hosts/pai.nix",
        "{\n  imports = [ (import ../use.nix ../caches/kalaw.nix { }) ];\n}",
    );
    check(
        &rest,
        "larder/keys.nix",
        r#"
{
  hosts = {
    kalaw = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBx8Q7vLplhZPOMb7FuxBpSNyFQKwcrLQ+Hi+raEWhWa";
    pai = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGEH51kbBM1qlUM4etUAP4+Zlllu/FSSzwkT0ExDlkR4";
  };
  identities = { };
  shared = { };
  signing = {
    kalaw = "kalaw-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=";
  };
}"#,
    );
}

#[test]
fn each_host_gets_one_import_of_its_own_stub() {
    let fleet = fleet("[caches.kalaw]\nclients = [\"pai\"]\n");
    let wanted: Vec<(String, String)> = imports(&fleet)
        .into_iter()
        .map(|(host, path)| (host.to_string(), path))
        .collect();
    assert_eq!(
        wanted,
        [
            ("kalaw".to_owned(), "larder/hosts/kalaw.nix".to_owned()),
            ("pai".to_owned(), "larder/hosts/pai.nix".to_owned()),
        ]
    );
}

#[test]
fn nothing_is_asked_of_a_cache_whose_signing_key_is_not_known() {
    let rest = "[caches.kalaw]\nclients = [\"pai\"]\n";
    check(rest, "larder/hosts/pai.nix", "{\n  imports = [ ];\n}");
    assert!(!rendered(rest).contains_key("larder/use.nix"));
    assert!(rendered(rest)["larder/caches/kalaw.nix"].contains("signingKeys = [ ];"));
}

#[track_caller]
fn check_signing_key(lines: &str, name: &str, is_made: bool) {
    let files = rendered(&format!("[caches.kalaw]\nclients = [\"pai\"]\n{lines}\n"));
    let text = &files["larder/caches/kalaw.nix"];
    assert!(
        text.contains(&format!("signingKeyName = \"{name}\";")),
        "{text}"
    );
    assert!(
        text.contains(&format!("makeSigningKey = {is_made};")),
        "{text}"
    );
}

#[test]
fn the_host_makes_its_key_unless_somebody_else_does() {
    check_signing_key("", "kalaw-1", true);
    check_signing_key("signing-key-file = \"/run/agenix/cache\"", "kalaw-1", false);
    // As larder 0.1 went by the folder.
    check_signing_key(
        "signing-key-file = \"/persist/larder/cache\"",
        "kalaw-1",
        true,
    );
}

#[test]
fn the_name_of_the_key_is_the_inventorys() {
    let known = KEY.replace("kalaw-1", "lan-2");
    check_signing_key(&known, "lan-2", true);
    let file = "signing-key-file = \"/persist/larder/cache.secret\"";
    check_signing_key(&format!("{known}\n{file}"), "lan-2", true);
}

#[test]
fn what_differs_for_one_client_stands_in_its_stub() {
    check(
        &format!(
            "[caches.kalaw]\nclients = [\"pai\"]\nlan = true\n{KEY}\n\
             [caches.kalaw.link.pai]\naddress = \"kalaw.tailnet.example\"\nport = 2222\n\
             proxy-jump = \"gate,thomas@fd00::1\"\npriority = 41\n"
        ),
        "larder/hosts/pai.nix",
        r#"
{
  imports = [
    (import ../use.nix ../caches/kalaw.nix {
      address = "kalaw.tailnet.example";
      port = 2222;
      proxyJump = [
        {
          host = "gate";
          destination = "ssh://gate";
          keys = [ ];
        }
        {
          host = "fd00::1";
          destination = "ssh://thomas@[fd00::1]";
          keys = [ ];
        }
      ];
      priority = 41;
    })
  ];
}"#,
    );
}

#[test]
fn a_laptop_asks_last_unless_its_own_link_is_near() {
    let rest = format!("roaming = true\n[caches.kalaw]\nclients = [\"pai\"]\nlan = true\n{KEY}\n");
    let module = |rest: &str| rendered(rest)["larder/hosts/pai.nix"].clone();
    assert!(module(&rest).contains("priority = 41;"));
    let near = format!("{rest}[caches.kalaw.link.pai]\nlan = true\n");
    assert!(module(&near).contains("kalaw.nix { })"));
    let number = rest.replace("lan = true", "priority = 20");
    assert!(module(&number).contains("kalaw.nix { })"));
}

#[test]
fn a_key_that_the_client_makes_is_made_before_it_is_known() {
    let identity = "identity = { file = \"/var/lib/larder/identity\", make = true }\n";
    let rest = format!("{identity}[caches.kalaw]\nclients = [\"pai\"]\n{KEY}\n");
    check(
        &rest,
        "larder/hosts/pai.nix",
        "{\n  imports = [ (import ../identity.nix \"/var/lib/larder/identity\" \"pai\") ];\n}",
    );
    assert!(rendered(&rest)["larder/caches/kalaw.nix"].contains("clients = [ ];"));
}

#[test]
fn a_key_of_the_hosts_own_beats_the_caches_choice() {
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGEH51kbBM1qlUM4etUAP4+Zlllu/FSSzwkT0ExDlkR4";
    let rest = format!(
        "identity = {{ file = \"/etc/nixos/pai\", key = \"{key}\" }}\n\
         [hosts.tak]\nmodule = \"tak.nix\"\n\
         [caches.kalaw]\nclients = [\"@all\"]\n{KEY}\n\
         identity = {{ file = \"/etc/nixos/nix_ssh_priv_key\", key = \"{key}\" }}\n"
    );
    let files = rendered(&rest);
    assert!(files["larder/hosts/pai.nix"].contains("identity = \"/etc/nixos/pai\";"));
    assert!(files["larder/hosts/tak.nix"].contains("kalaw.nix { })"));
    assert!(
        files["larder/caches/kalaw.nix"]
            .contains("[\n    keys.identities.pai\n    keys.shared.kalaw\n  ]")
    );
}

#[test]
fn hosts_that_share_a_file_share_an_owned_module() {
    let rest = format!("[caches.kalaw]\nclients = [\"pai\"]\nlan = true\n{KEY}\n");
    let shared = HOSTS.replace(
        "version = 1",
        "version = 1\nimport = \"modules/common.nix\"",
    );
    let source = Source::new(INVENTORY, format!("{shared}{rest}"));
    let fleet = fleet::read(&source).unwrap();
    assert!(
        imports(&fleet)
            .iter()
            .all(|(_, path)| path == "larder/fleet.nix")
    );
    let files = render(&fleet).unwrap();
    assert!(!files.contains_key("larder/hosts/pai.nix"));
    assert!(files["larder/fleet.nix"].contains(
        "  hosts = {\n    kalaw = [ (import ./serve.nix ./caches/kalaw.nix) ];\n    \
         pai = [ (import ./use.nix ./caches/kalaw.nix { }) ];\n  };\n"
    ));
}

#[test]
fn a_comment_names_only_what_is_there() {
    let rest = format!("[caches.kalaw]\nclients = [\"pai\"]\n{KEY}\n");
    let says = |hosts: &str, words: &str| {
        let source = Source::new(INVENTORY, format!("{hosts}{rest}"));
        let files = render(&fleet::read(&source).unwrap()).unwrap();
        files["larder/caches/kalaw.nix"].contains(words)
    };
    assert!(says(HOSTS, "is in ../hosts."));
    let shared = HOSTS.replace("version = 1", "version = 1\nimport = \"common.nix\"");
    assert!(says(&shared, "is in ../fleet.nix."));
    let without_modules = HOSTS.replace("module =", "# module =");
    assert!(says(&without_modules, "# How clients connect.\n"));
}

#[test]
fn a_host_that_caches_and_fetches_does_both() {
    let rest = format!(
        "[caches.kalaw]\nclients = [\"pai\"]\n{KEY}\n\
         [caches.pai]\nclients = [\"kalaw\"]\n{}\n",
        KEY.replace("kalaw-1", "pai-1")
    );
    let stub = rendered(&rest)["larder/hosts/pai.nix"].clone();
    assert_eq!(
        code(&stub),
        "{\n  imports = [\n    (import ../serve.nix ../caches/pai.nix)\n    \
         (import ../use.nix ../caches/kalaw.nix { })\n  ];\n}"
    );
}

#[test]
fn every_module_parses_and_says_whose_it_is() {
    let identity = "identity = { file = \"/var/lib/larder/identity\", make = true }\n";
    let rest = format!("{identity}[caches.kalaw]\nclients = [\"pai\"]\n{KEY}\n");
    for (path, text) in rendered(&rest) {
        NixFile::parse(text.as_str()).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(is_owned(&text), "{path}");
    }
    assert!(is_owned(
        "# Kept by larder; see larder.toml. Edits are lost.\n{ }"
    ));
    assert!(!is_owned("{ pkgs, ... }: { }"));
}

#[test]
fn two_caches_behind_one_address_go_by_names_of_their_own() {
    let shared = |address: &str| {
        format!(
            "[hosts.tak]\nmodule = \"tak.nix\"\naddress = \"{address}\"\nport = 2222\n\
             host-key = \"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c\"\n\
             [caches.kalaw]\nclients = [\"pai\"]\nlan = true\n{KEY}\n\
             [caches.tak]\nclients = [\"pai\"]\n{}\n",
            KEY.replace("kalaw-1", "tak-1")
        )
    };
    let pai = |address| rendered(&shared(address))["larder/hosts/pai.nix"].clone();
    let both = "sharesAddress = true;";
    assert_eq!(pai("kalaw.fritz.box").matches(both).count(), 2);
    assert!(!pai("tak.fritz.box").contains("sharesAddress"));
}
