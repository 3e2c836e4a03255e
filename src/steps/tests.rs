//! Two inventories in, steps out.

use super::{
    Step, after_sync, between, command_from, in_order, keys_of_cache, rewired,
    signing_key_to_server, to_new_name,
};
use crate::diagnostic::Source;
use crate::fleet::{self, Fleet, HostName, INVENTORY};

const SERVER: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIBx8Q7vLplhZPOMb7FuxBpSNyFQKwcrLQ+Hi+raEWhWa";
const CLIENT: &str = "AAAAC3NzaC1lZDI1NTE5AAAAIGEH51kbBM1qlUM4etUAP4+Zlllu/FSSzwkT0ExDlkR4";
const CACHE: &str = "[caches.kalaw]\nclients = [\"@all\"]\n";
const SIGNED: &str = "signing-key = \"kalaw-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=\"\n";

fn fleet(client: &str, rest: &str) -> Fleet {
    fleet_by_way("", client, rest)
}

/// The cache is behind a jump host.
fn fleet_behind_gate(client: &str, rest: &str) -> Fleet {
    fleet_by_way("proxy-jump = \"root@gate\"\n", client, rest)
}

fn fleet_by_way(way: &str, client: &str, rest: &str) -> Fleet {
    let text = format!(
        "version = 1\n[hosts.kalaw]\nmodule = \"kalaw.nix\"\nport = 2222\naddress = \"fd00::5\"\n\
         {way}host-key = \"ssh-ed25519 {SERVER}\"\n\
         [hosts.{client}]\nmodule = \"pai.nix\"\nhost-key = \"ssh-ed25519 {CLIENT}\"\n{rest}"
    );
    fleet::read(&Source::new(INVENTORY, text)).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn name(text: &str) -> HostName {
    text.parse().unwrap()
}

#[track_caller]
fn check(steps: Vec<Step>, expected: &[&str]) {
    let texts: Vec<String> = in_order(steps).into_iter().map(|step| step.text).collect();
    assert_eq!(texts, expected);
}

#[test]
fn a_cache_comes_before_its_clients_and_goes_after_them() {
    let (without, with) = (fleet("pai", ""), fleet("pai", &format!("{CACHE}{SIGNED}")));
    check(
        between(&without, &with, None),
        &[
            "switch `kalaw` to serve its store",
            "sign what `kalaw` built before: without it no client takes that",
            "switch `pai` to use `kalaw`; `kalaw` first, or the login is refused",
            "prove on the machines that `pai` fetches",
        ],
    );
    check(
        between(&with, &without, None),
        &[
            "switch `pai` to stop asking `kalaw`",
            "switch `kalaw` to stop serving, after its clients: they ask it until they are switched",
        ],
    );
}

#[test]
fn what_is_pending_waits_for_the_switch_that_makes_it() {
    let (without, with) = (fleet("pai", ""), fleet("pai", CACHE));
    let keys = keys_of_cache(&with, &name("kalaw"));
    let steps = keys.into_iter().chain(between(&without, &with, None));
    check(
        steps.collect(),
        &[
            "switch `kalaw` to serve its store and make its signing key",
            "bring in the signing key of `kalaw`: until then no client uses it",
        ],
    );
}

#[test]
fn a_key_that_a_client_makes_is_made_first() {
    let made = "identity = { file = \"/var/lib/larder/identity\", make = true }\n";
    let (without, with) = (
        fleet("pai", ""),
        fleet("pai", &format!("{CACHE}{SIGNED}{made}")),
    );
    let keys = keys_of_cache(&with, &name("kalaw"));
    let steps = keys.into_iter().chain(between(&without, &with, None));
    check(
        steps.collect(),
        &[
            "switch `kalaw` to serve its store",
            "switch `pai` to make the key with which to log in",
            "bring in the public key of `pai`: until then it does not use `kalaw`",
            "sign what `kalaw` built before: without it no client takes that",
        ],
    );
}

const OF_AGENIX: &str = "signing-key-file = \"/run/agenix/a;b\"\n";

#[test]
fn commands_go_the_way_of_the_inventory() {
    let with = fleet_behind_gate("pai", CACHE);
    let keys = keys_of_cache(&with, &name("kalaw"));
    assert_eq!(keys[0].commands, ["larder keys pull kalaw"]);
    assert_eq!(keys[1].commands, ["larder keys scan gate"]);
    let with = fleet_behind_gate("pai", &format!("{CACHE}{OF_AGENIX}"));
    let keys = keys_of_cache(&with, &name("kalaw"));
    assert_eq!(
        keys[0].commands,
        [
            "ssh -t -J root@gate -p 2222 fd00::5 'sudo cat '\\''/run/agenix/a;b'\\'' | nix \
             --extra-experimental-features nix-command key convert-secret-to-public'",
            "larder keys set kalaw --signing-key",
        ]
    );
}

#[test]
fn a_secret_reaches_a_machine_whose_sudo_asks_for_a_password() {
    let with = fleet_behind_gate("pai", &format!("{CACHE}{OF_AGENIX}"));
    let cache = &with.caches[&name("kalaw")];
    let step = signing_key_to_server(&with, cache, "my key");
    assert_eq!(
        step.commands,
        [
            "ssh -J root@gate -p 2222 fd00::5 'umask 077; cat > larder-key' < 'my key'",
            "ssh -t -J root@gate -p 2222 fd00::5 'sudo install -D -m 600 larder-key \
             '\\''/run/agenix/a;b'\\'' && rm larder-key'",
        ]
    );
}

#[test]
fn a_jump_host_is_known_and_lets_the_client_in() {
    let with = format!("{CACHE}{SIGNED}");
    let (without, with) = (
        fleet_behind_gate("pai", ""),
        fleet_behind_gate("pai", &with),
    );
    let keys = keys_of_cache(&with, &name("kalaw"));
    let steps: Vec<Step> = keys
        .into_iter()
        .chain(between(&without, &with, None))
        .collect();
    check(
        steps.clone(),
        &[
            "bring in the SSH host key of the jump host `gate`: until then `pai` may not know it, \
             and asks `kalaw` for nothing",
            "switch `kalaw` to serve its store",
            "let `pai` log in as `root` of the jump host `gate` with its key",
            "sign what `kalaw` built before: without it no client takes that",
            "switch `pai` to use `kalaw`; `kalaw` first, or the login is refused",
            "prove on the machines that `pai` fetches",
        ],
    );
    let mut commands = steps.into_iter().flat_map(|step| step.commands);
    let line = format!("restrict,port-forwarding ssh-ed25519 {CLIENT} pai");
    assert!(
        commands.any(|command| command.starts_with(&format!("echo '{line}' | ssh root@gate ")))
    );
}

#[test]
fn a_key_of_the_wrong_type_is_replaced_and_the_others_are_pulled_at_once() {
    let rsa = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBHkbvE5eFNNHjEEomOWmOmM5WEiO7Fk4tyKhMlFAybZxvkpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";
    let more = format!(
        "[hosts.bagan]\nmodule = \"b.nix\"\n[hosts.mrauk]\nmodule = \"m.nix\"\n\
         [hosts.inle]\nmodule = \"i.nix\"\nhost-key = \"{rsa}\"\n{CACHE}{SIGNED}"
    );
    let keys = keys_of_cache(&fleet("pai", &more), &name("kalaw"));
    assert_eq!(
        keys[0].commands,
        [
            "larder keys pull bagan mrauk",
            "larder keys pull --replace inle"
        ]
    );
}

#[test]
fn who_is_in_another_folder_gets_other_commands() {
    assert_eq!(
        command_from("my fleet", "larder keys pull pai"),
        "larder -C 'my fleet' keys pull pai"
    );
    assert_eq!(
        command_from("fleet", "sudo nixos-rebuild switch --flake .#pai"),
        "sudo nixos-rebuild switch --flake fleet#pai"
    );
}

#[test]
fn a_client_under_another_name_changes_nothing_for_the_others() {
    let wiring = format!("{CACHE}{SIGNED}");
    let (before, after) = (fleet("pai", &wiring), fleet("bagan", &wiring));
    let (old, new) = (name("pai"), name("bagan"));
    check(between(&before, &after, Some([&old, &new])), &[]);
    assert_eq!(
        to_new_name(&old, &new).commands,
        ["sudo nixos-rebuild switch --flake .#bagan"]
    );
}

#[test]
fn a_client_that_goes_is_shut_out() {
    let before = fleet("pai", &format!("{CACHE}{SIGNED}"));
    let after = fleet("pai", &format!("{CACHE}except = [\"pai\"]\n{SIGNED}"));
    check(
        between(&before, &after, None),
        &[
            "switch `pai` to stop asking `kalaw`",
            "switch `kalaw` to shut `pai` out, whose key opens it until then",
        ],
    );
}

#[test]
fn what_is_wired_by_hand_asks_nothing_of_anybody() {
    let adopted = format!("{CACHE}{SIGNED}wiring = \"adopted\"\n");
    let (without, with) = (fleet("pai", ""), fleet("pai", &adopted));
    check(between(&without, &with, None), &[]);
    check(between(&with, &without, None), &[]);
    let owned = fleet("pai", &format!("{CACHE}{SIGNED}"));
    check(
        between(&with, &owned, None),
        &[
            "switch `kalaw` for the new wiring",
            "switch `pai` for the new settings of `kalaw`",
            "prove on the machines that `pai` fetches",
        ],
    );
}

#[test]
fn an_owned_module_that_is_another_concerns_those_that_have_it() {
    let fleet = fleet("pai", &format!("{CACHE}{SIGNED}"));
    check(rewired(&fleet, &["flake.nix".to_owned()]), &[]);
    check(
        rewired(&fleet, &["larder/hosts/pai.nix".to_owned()]),
        &["switch `pai` for the new wiring"],
    );
    check(
        rewired(&fleet, &["larder/use.nix".to_owned()]),
        &[
            "switch `kalaw` for the new wiring",
            "switch `pai` for the new wiring",
        ],
    );
}

#[test]
fn every_module_that_all_share_concerns_all() {
    let fleet = fleet("pai", &format!("{CACHE}{SIGNED}"));
    for file in crate::wiring::expected(&fleet).keys() {
        let is_shared = file.matches('/').count() == 1;
        let count: usize = rewired(&fleet, std::slice::from_ref(file))
            .iter()
            .map(|step| step.hosts.len())
            .sum();
        assert_eq!(count == 2, is_shared || file.contains("/caches/"), "{file}");
    }
}

#[test]
fn nobody_is_switched_twice() {
    let (without, with) = (fleet("pai", ""), fleet("pai", &format!("{CACHE}{SIGNED}")));
    let steps = after_sync(&without, &with, &["larder/use.nix".to_owned()]);
    let switches: Vec<&Step> = steps
        .iter()
        .filter(|step| step.action == super::StepKind::Switch)
        .collect();
    assert_eq!(switches.len(), 2);
}
