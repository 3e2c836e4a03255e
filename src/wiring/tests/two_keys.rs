//! Inventories with keys that change.

use super::{HOSTS, KEY, rendered};
use crate::diagnostic::Source;
use crate::fleet::{self, INVENTORY};
use crate::wiring::render;

#[test]
fn while_a_key_changes_there_are_two() {
    let new = "kalaw-2:6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=";
    let old = KEY.trim_start_matches("signing-key = ");
    let stage = |second: &str, more: &str| {
        let keys = format!("signing-key = [{old}, \"{second}\"]\n{more}");
        let cache = format!("[caches.kalaw]\nclients = [\"pai\"]\n{keys}\n");
        rendered(&cache)["larder/caches/kalaw.nix"].clone()
    };
    let trusts = |text: &str| {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let start = lines
            .iter()
            .position(|line| line.starts_with("signingKeys = ["));
        let list = lines[start.unwrap()..]
            .iter()
            .take_while(|line| !line.ends_with("];"));
        let own = lines[start.unwrap()]
            .ends_with("];")
            .then(|| lines[start.unwrap()]);
        list.copied().chain(own).collect::<Vec<_>>().join(" ")
    };
    let files = |text: &str| {
        let names = ["kalaw-1", "kalaw-2"];
        names.map(|name| text.contains(&format!("\"/var/lib/larder/{name}.secret\"")))
    };
    let pending = stage("pending", "");
    assert_eq!(trusts(&pending), "signingKeys = [ keys.signing.kalaw ];");
    assert_eq!(files(&pending), [true, true]);
    assert!(pending.contains("\"kalaw-2\""), "{pending}");
    let known = stage(new, "");
    let both = "signingKeys = [ keys.signing.kalaw keys.signing.\"kalaw (new)\"";
    assert_eq!(trusts(&known), both);
    let in_use = stage(new, "use-new-signing-key = true");
    let new = "signingKeys = [ keys.signing.\"kalaw (new)\" ];";
    assert_eq!(trusts(&in_use), new);
    assert_eq!(files(&in_use), [true, true]);
    // A file that the cache does not make is named once its key is known.
    let by_hand = "signing-key-file = [\"/run/agenix/a\", \"/run/agenix/b\"]";
    assert!(!stage("pending", by_hand).contains("/run/agenix/b"));
    let both = stage(
        "kalaw-2:6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=",
        by_hand,
    );
    assert!(both.contains("/run/agenix/b"), "{both}");
}

#[test]
fn a_host_changes_its_own_keys() {
    let host = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";
    let rest = format!("[caches.kalaw]\nclients = [\"pai\"]\n{KEY}\n");
    let text = HOSTS.replace(
        "[hosts.pai]",
        &format!(
            "[hosts.pai]\nidentity = {{ file = \"/etc/id\", key = [\"{host}\", \"pending\"], make = true }}"
        ),
    );
    let source = Source::new(INVENTORY, format!("{text}{rest}"));
    let files = render(&fleet::read(&source).unwrap()).unwrap();
    let stub = &files["larder/hosts/pai.nix"];
    assert!(
        stub.contains("(import ../new-key.nix \"/etc/id\" \"pai\" false)"),
        "{stub}"
    );
    assert!(files.contains_key("larder/new-key.nix"));
    let key = HOSTS
        .split("host-key = ")
        .nth(1)
        .and_then(|rest| rest.lines().next())
        .unwrap();
    let two = format!("host-key = [{key}, \"{host}\"]\nuse-new-host-key = true");
    let text = HOSTS.replace(&format!("host-key = {key}"), &two);
    let source = Source::new(INVENTORY, format!("{text}{rest}"));
    let files = render(&fleet::read(&source).unwrap()).unwrap();
    let stub = &files["larder/hosts/kalaw.nix"];
    assert!(
        stub.contains("(import ../new-key.nix null \"kalaw\" true)"),
        "{stub}"
    );
    let cache = &files["larder/caches/kalaw.nix"];
    assert!(cache.contains("keys.hosts.\"kalaw (new)\""), "{cache}");
}
