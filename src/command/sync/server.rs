//! The serving half of hand-made wiring.

use super::hand_wiring::{HandWiring, Owner, refused};
use super::machines::Machines;
use crate::diagnostic::Diagnostic;
use crate::fleet::{Cache, HostName};
use crate::key::{AuthorizedKey, PublicKey};
use crate::survey::{Hit, List, Machine, Value};

/// Finds what the cache's host has, for owned modules to have it.
pub(super) fn find(
    machines: &Machines<'_>,
    cache: &Cache,
    taken: &[HostName],
    found: &mut HandWiring,
) {
    let Some(machine) = machines.of_host(&cache.host) else {
        return;
    };
    let owner = Owner {
        machines,
        partners: taken.iter().collect(),
    };
    let enable = machine.all("nix.sshServe.enable");
    if enable.is_empty() {
        found.note(format!(
            "`nix.sshServe.enable` of `{}` was not found in the files that larder reads",
            cache.host
        ));
    }
    for hit in &enable {
        match hit.value {
            Value::Bool(true) => found.value(&owner, hit, "nix.sshServe.enable"),
            Value::Bool(false) => {}
            _ => found.refuse(hit, "whether it serves is computed here"),
        }
    }
    for hit in &machine.all("nix.sshServe.protocol") {
        found.value(&owner, hit, "nix.sshServe.protocol");
    }
    let clients: Vec<&PublicKey> = machines
        .fleet
        .clients(cache)
        .filter_map(|client| machines.fleet.identity(cache, client).public_key(client))
        .collect();
    for hit in &machine.all("nix.sshServe.keys") {
        keys(&owner, hit, &clients, found);
    }
    signing_key(&owner, machine, cache, found);
}

/// The clients' keys go; the key of somebody else stays.
fn keys(owner: &Owner<'_>, hit: &Hit, clients: &[&PublicKey], found: &mut HandWiring) {
    const OPTION: &str = "nix.sshServe.keys";
    if !is_known(&hit.value) {
        return found.refuse(
            hit,
            "these keys are computed, so larder cannot tell whose they are",
        );
    }
    let is_clients = |line: &str| {
        let key = line.parse::<AuthorizedKey>().map(|line| line.key);
        key.is_ok_and(|key| clients.contains(&&key))
    };
    found.words(owner, hit, OPTION, &is_clients);
    let Value::List(list) = &hit.value else {
        return;
    };
    let texts = list.items.iter().filter_map(|item| item.value.text());
    let others = texts.filter(|line| !is_clients(line)).count();
    if others > 0 {
        let (file, all) = (hit.spot.file.shown(), list.items.len());
        found.note(format!(
            "`{OPTION}` in `{file}` keeps {others} of its {all} keys: no client in `larder.toml` has them"
        ));
    }
}

fn is_known(value: &Value) -> bool {
    match value {
        Value::List(List { items, open }) => {
            !open && items.iter().all(|item| item.value.text().is_some())
        }
        _ => false,
    }
}

fn unknown_file(hit: &Hit, cache: &Cache) -> Diagnostic {
    let (spot, why) = (&hit.spot, "where the signing key lies is computed here");
    let mut said = refused(spot.source(), spot.bytes(), why);
    if cache.signing_key_file.is_none() {
        let server = &cache.host;
        let first = format!("write `signing-key-file = \"/PATH\"` under `[caches.{server}]`");
        said.help.insert(0, first);
    }
    said
}

/// Where the secret half lies is known to the inventory, so its own word is not needed.
fn signing_key(owner: &Owner<'_>, machine: &Machine, cache: &Cache, found: &mut HandWiring) {
    const OPTION: &str = "nix.settings.secret-key-files";
    let file = cache.signing_key_path();
    let is_it = |word: &str| word == file.as_str();
    for hit in &machine.all(OPTION) {
        let is_text = hit.value.text().is_some();
        if !is_text && !is_known(&hit.value) {
            found.add(unknown_file(hit, cache));
            continue;
        }
        found.words(owner, hit, OPTION, &is_it);
    }
    for text in &machine.nix_texts() {
        found.conf_lines(owner, text, &["secret-key-files"], &is_it);
    }
}
