//! Caches that exist elsewhere: the client half alone.

use super::{HOSTS, KEY, check, rendered};
use crate::diagnostic::Source;
use crate::fleet::{self, INVENTORY};
use crate::wiring::render;

const WORK: &str = "[caches.work]\nurl = \"https://attic.example.org/work\"\nclients = [\"@all\"]\n\
    signing-key = \"work:egq7FePEFoouQp1hs/rt3axBugMGj343PprxwogwFcE=\"\n";

#[test]
fn only_clients_have_a_part_in_it() {
    let files = rendered(WORK);
    let paths: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "larder/caches/work.nix",
            "larder/hosts/kalaw.nix",
            "larder/hosts/pai.nix",
            "larder/keys.nix",
            "larder/secret.nix",
            "larder/use-url.nix",
            "larder/warn.nix",
        ]
    );
    check(
        WORK,
        "larder/caches/work.nix",
        r#"
let
  keys = import ../keys.nix;
in
{
  name = "work";
  url = "https://attic.example.org/work";
  priority = 41;
  signingKeys = [ keys.signing.work ];
  netrcFile = null;
  tlsCertificate = null;
  tlsPrivateKey = null;
}"#,
    );
    check(
        WORK,
        "larder/hosts/pai.nix",
        "{\n  imports = [ (import ../use-url.nix ../caches/work.nix { }) ];\n}",
    );
}

#[test]
fn several_keys_and_a_login() {
    let keys = "signing-key = [\"work:egq7FePEFoouQp1hs/rt3axBugMGj343PprxwogwFcE=\", \
        \"work-2:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=\"]\n";
    let rest = format!(
        "[caches.work]\nurl = \"https://attic.example.org/work\"\nclients = [\"pai\"]\n{keys}\
         netrc-file = \"/run/agenix/netrc\"\ntls-certificate = \"/etc/client.pem\"\n\
         tls-private-key = \"/etc/client.key\"\n"
    );
    let text = &rendered(&rest)["larder/caches/work.nix"];
    assert!(
        text.contains("keys.signing.work\n    keys.signing.\"work (2)\"\n"),
        "{text}"
    );
    for line in [
        "netrcFile = \"/run/agenix/netrc\";",
        "tlsCertificate = \"/etc/client.pem\";",
        "tlsPrivateKey = \"/etc/client.key\";",
    ] {
        assert!(text.contains(line), "{text}");
    }
}

#[test]
fn a_login_that_is_a_secret() {
    let rest = format!("{WORK}netrc-file = \"agenix:work-netrc\"\n");
    let text = &rendered(&rest)["larder/caches/work.nix"];
    let declared = "declared = config: config.age.secrets.work-netrc or null;";
    assert!(text.contains("secret = \"agenix:work-netrc\";"), "{text}");
    assert!(text.contains(declared), "{text}");
}

#[test]
fn who_is_away_at_times_asks_later() {
    let near = format!("roaming = true\n{WORK}lan = true\n");
    let text = &rendered(&near)["larder/hosts/pai.nix"];
    assert!(text.contains("priority = 41;"), "{text}");
    let at_home = format!("{near}[caches.work.link.pai]\nlan = true\n");
    assert!(rendered(&at_home)["larder/hosts/pai.nix"].contains("work.nix { })"));
    let last = format!("{WORK}[caches.work.link.pai]\npriority = 50\n");
    assert!(rendered(&last)["larder/hosts/pai.nix"].contains("priority = 50;"));
}

#[test]
fn nothing_is_asked_before_its_key_is_known() {
    let pending = "[caches.work]\nurl = \"https://attic.example.org/work\"\nclients = [\"pai\"]\n";
    check(pending, "larder/hosts/pai.nix", "{\n  imports = [ ];\n}");
}

#[test]
fn one_that_is_wired_by_hand_is_left_alone() {
    assert!(rendered(&format!("{WORK}wiring = \"adopted\"\n")).is_empty());
}

#[test]
fn beside_a_cache_of_the_fleet() {
    let rest = format!("[caches.kalaw]\nclients = [\"pai\"]\n{KEY}\n{WORK}");
    let shared = HOSTS.replace("version = 1", "version = 1\nimport = \"common.nix\"");
    let source = Source::new(INVENTORY, format!("{shared}{rest}"));
    let text = render(&fleet::read(&source).unwrap()).unwrap()["larder/fleet.nix"].clone();
    assert!(
        text.contains(
            "    pai = [\n      (import ./use.nix ./caches/kalaw.nix { })\n      \
             (import ./use-url.nix ./caches/work.nix { })\n    ];\n"
        ),
        "{text}"
    );
}
