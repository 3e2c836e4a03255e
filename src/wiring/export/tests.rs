//! The files of an export, as ssh and a shell read them.

use super::*;
use crate::diagnostic::Source;
use crate::fleet::{INVENTORY, read};

const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBx8Q7vLplhZPOMb7FuxBpSNyFQKwcrLQ+Hi+raEWhWa";
const OTHER: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGEH51kbBM1qlUM4etUAP4+Zlllu/FSSzwkT0ExDlkR4";
const SIGNING: &str = "kalaw-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=";

fn exported(kalaw: &str, deb: &str) -> ExportedHost {
    let text = format!(
        "version = 1\n[hosts.kalaw]\nmodule = \"kalaw.nix\"\nhost-key = \"{KEY}\"\n{kalaw}\n\
         [hosts.deb]\nnixos = false\n{deb}\n[caches.kalaw]\nclients = [\"deb\"]\n\
         signing-key = \"{SIGNING}\"\n"
    );
    let fleet = read(&Source::new(INVENTORY, text)).expect("a fleet");
    export(&fleet, &fleet.hosts["deb"])
}

fn file<'e>(export: &'e ExportedHost, name: &str) -> &'e str {
    let path = format!("{DIR}/{name}");
    let file = export.files.iter().find(|file| file.path == path);
    file.map_or("", |file| file.text.as_str())
}

fn by_host_key() -> String {
    format!("host-key = \"{OTHER}\"")
}

#[test]
fn a_file_has_no_placeholder_left_and_nothing_ends_it_early() {
    let jump = "proxy-jump = \"me@bastion:2222,inner\"";
    let export = exported(jump, &by_host_key());
    for file in &export.files {
        assert!(!file.text.contains("@host@"), "{}", file.path);
        assert!(!file.text.contains("\nLARDER\n"), "{}", file.path);
        assert!(file.text.ends_with('\n'), "{}", file.path);
    }
    let block = file(&export, "ssh_config");
    let connect = "/etc/larder/connect kalaw kalaw %h %p /etc/larder/jump-kalaw ssh://inner ssh://me@bastion:2222\n";
    assert!(block.contains(connect), "{block}");
}

#[test]
fn an_ipv6_address_has_brackets_for_nix_alone() {
    let export = exported("address = \"fd00::7\"", &by_host_key());
    assert_eq!(export.substituters, ["ssh://nix-ssh@[fd00::7]?priority=41"]);
    let block = file(&export, "ssh_config");
    assert!(
        block.contains("Match originalhost fd00::7 user nix-ssh\n"),
        "{block}"
    );
    assert!(block.contains("HostName fd00::7\n"), "{block}");
}

#[test]
fn a_key_of_its_own_is_made_before_the_cache_knows_it() {
    let export = exported("", "identity = { file = \"/etc/larder-key\", make = true }");
    assert!(export.caches.is_empty() && export.files.is_empty());
    let script = export.script();
    assert!(script.contains("-f /etc/larder-key\n"), "{script}");
    assert!(!script.contains("put 644 /etc/larder/nix.conf"), "{script}");
    assert!(!script.contains("rm -rf"), "{script}");
}

#[test]
fn the_module_for_darwin_is_nix() {
    let jump =
        format!("proxy-jump = \"me@bastion:2222\"\n[jump-hosts.bastion]\nhost-key = \"{OTHER}\"");
    let export = exported(&jump, &by_host_key());
    let module = export.darwin_module().expect("Nix");
    assert!(
        module.contains("\"larder/jump-kalaw.known_hosts\" ="),
        "{module}"
    );
    assert!(
        module.contains(&format!("larder-kalaw {KEY}\n")),
        "{module}"
    );
}
