//! The reading half of hand-made wiring.

use super::hand_wiring::{HandWiring, Owner, refused};
use super::identity::is_identity;
use super::machines::Machines;
use super::ssh_block;
use crate::command::hand_made::store_url;
use crate::fleet::{Cache, Host, Link, PUBLIC_PRIORITY};
use crate::key::SigningPublicKey;
use crate::survey::{Machine, Pin, StoreUrl, Word};

/// nix.conf's own names and those of NixOS before `nix.settings`.
const SUBSTITUTERS: &[&str] = &[
    "nix.settings.substituters",
    "nix.settings.extra-substituters",
    "nix.binaryCaches",
];
const TRUSTED_KEYS: &[&str] = &[
    "nix.settings.trusted-public-keys",
    "nix.settings.extra-trusted-public-keys",
    "nix.binaryCachePublicKeys",
];

/// What owned modules say of their own, or what makes no difference to them.
const REPLACED_PARAMS: &[&str] = &[
    "priority",
    "ssh-key",
    "max-connections",
    "base64-ssh-public-host-key",
    "want-mass-query",
];
/// What is lost without harm.
const DROPPED_PARAMS: &[&str] = &["compress", "trusted"];

/// Finds what a client has of a cache, for owned modules to have it.
pub(super) fn find(machines: &Machines<'_>, cache: &Cache, client: &Host, found: &mut HandWiring) {
    let Some(machine) = machines.of_host(&client.name) else {
        return;
    };
    let fleet = machines.fleet;
    let clients = fleet.clients(cache).map(|host| &host.name);
    let owner = Owner {
        machines,
        partners: clients.chain([&cache.host]).collect(),
    };
    let link = fleet.link(cache, client);
    let is_ours = |word: &str| store_url(&link, word).is_some();
    let names = ["substituters", "extra-substituters"];
    if !words(machine, &owner, SUBSTITUTERS, &names, &is_ours, found) {
        found.note(format!(
            "that `{}` reads from `{}` was not found in the files that larder reads",
            client.name, cache.host
        ));
    }
    judge_urls(&link, machine, found);
    let is_key =
        |word: &str| word.parse::<SigningPublicKey>().ok().as_ref() == cache.signing_key.known();
    let names = ["trusted-public-keys", "extra-trusted-public-keys"];
    words(machine, &owner, TRUSTED_KEYS, &names, &is_key, found);
    ssh_block::find(machine, &owner, &link, found);
    pins(machine, &link, found);
}

/// True if there were any.
fn words(
    machine: &Machine,
    owner: &Owner<'_>,
    options: &[&str],
    in_text: &[&str],
    is_ours: &dyn Fn(&str) -> bool,
    found: &mut HandWiring,
) -> bool {
    let mut some = false;
    for option in options {
        for hit in &machine.all(option) {
            some |= found.words(owner, hit, option, is_ours);
        }
    }
    for text in &machine.nix_texts() {
        some |= found.conf_lines(owner, text, in_text, is_ours);
    }
    some
}

/// People use it for their own ssh as well, and owned modules have one under a name
/// of their own.
fn pins(machine: &Machine, link: &Link<'_>, found: &mut HandWiring) {
    let is_its = |pin: &&Pin| pin.is_for(&link.address, link.port);
    for pin in machine.pins().iter().filter(is_its) {
        found.note(format!(
            "`programs.ssh.knownHosts.\"{}\"` in `{}` stays: your own ssh knows `{}` by it",
            pin.attr,
            pin.spot.file.shown(),
            link.cache.host
        ));
    }
}

/// What a URL says must be what the inventory says, or be no loss.
fn judge_urls(link: &Link<'_>, machine: &Machine, found: &mut HandWiring) {
    for Word { text, spot, .. } in machine.substituters().into_iter().map(|one| one.word) {
        let Some(url) = store_url(link, &text) else {
            continue;
        };
        for why in conflicts_with(link, &url) {
            found.add(refused(spot.source(), spot.bytes(), &why));
        }
        let names = url.params.iter().map(|(name, _)| name.as_str());
        for name in names.filter(|name| DROPPED_PARAMS.contains(name)) {
            let server = &link.cache.host;
            found.note(format!(
                "`{name}` in the URL of `{server}` is not taken over"
            ));
        }
        note_order(link, &url, found);
    }
}

/// Why the inventory cannot take the place of a URL.
fn conflicts_with(link: &Link<'_>, url: &StoreUrl) -> Vec<String> {
    let names = url.params.iter().map(|(name, _)| name.as_str());
    let unknown =
        names.filter(|name| !REPLACED_PARAMS.contains(name) && !DROPPED_PARAMS.contains(name));
    let unknown = unknown.map(|name| format!("larder does not write `{name}` into a URL"));
    let key = url.param("ssh-key").filter(|path| !is_identity(link, path));
    let key = key.map(|_| "`larder.toml` names another key to log in with".to_owned());
    key.into_iter().chain(unknown).collect()
}

/// Who is asked first may change where nobody has said it.
fn note_order(link: &Link<'_>, url: &StoreUrl, found: &mut HandWiring) {
    let public = u32::from(PUBLIC_PRIORITY);
    if url.priority() < public && link.priority > PUBLIC_PRIORITY {
        found.note(format!(
            "`{}` asked `{}` before cache.nixos.org, and asks it afterwards now: if they are on one network, write `lan = true` into `[caches.{}]` and run `larder sync`",
            link.client.name, link.cache.host, link.cache.host
        ));
    }
}
