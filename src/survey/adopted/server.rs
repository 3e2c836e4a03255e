//! The serving half.

use super::cache::{AdoptedCache, AdoptedClient};
use crate::key::{AuthorizedKey, PublicKey};
use crate::survey::hit::Word;
use crate::survey::machine::Machine;
use crate::survey::value::Value;

/// Whether a machine serves its store.
pub(super) enum Serves {
    Yes,
    No,
    /// This file says so, under a condition of which it is not known whether it holds.
    Unclear(String),
}

/// Whether this machine serves its store.
pub(super) fn serves(machine: &Machine) -> Serves {
    match machine.flag("nix.sshServe.enable") {
        Some((true, hit)) if hit.is_conditional() => Serves::Unclear(hit.spot.file.shown()),
        Some((true, _)) => Serves::Yes,
        _ => Serves::No,
    }
}

/// The serving half of a cache, still without clients.
pub(super) fn cache(host: &str, machine: &Machine) -> AdoptedCache {
    let protocol = machine.all("nix.sshServe.protocol");
    let protocol = protocol.iter().find_map(|hit| hit.value.text());
    AdoptedCache {
        host: host.to_owned(),
        protocol: protocol.unwrap_or("ssh").to_owned(),
        clients: Vec::new(),
        signing_key: None,
        signing_key_file: secret_key_file(machine),
        unread: unread(host, machine),
    }
}

fn secret_key_file(machine: &Machine) -> Option<String> {
    let files = machine
        .nix_words("nix.settings.secret-key-files")
        .into_iter();
    let mut absolute = files
        .map(|word| word.text)
        .filter(|text| text.starts_with('/'));
    absolute.next()
}

fn unread(host: &str, machine: &Machine) -> Vec<String> {
    let keys = machine.all("nix.sshServe.keys");
    let unknown = keys.iter().any(|hit| match &hit.value {
        Value::List(list) => list.open || list.items.iter().any(|i| i.value.text().is_none()),
        _ => true,
    });
    let words = || format!("some of the keys in `nix.sshServe.keys` of `{host}` are computed");
    unknown.then(words).into_iter().collect()
}

/// A key that may log in, and how the list names it: `keys.pai`.
struct Authorized {
    key: PublicKey,
    written: String,
}

fn authorized(machine: &Machine) -> Vec<Authorized> {
    let words = machine.words("nix.sshServe.keys").into_iter();
    let with_name = |word: Word| {
        let key = word.text.parse::<AuthorizedKey>().ok()?.key;
        let written = word.spot.written().to_owned();
        Some(Authorized { key, written })
    };
    words.filter_map(with_name).collect()
}

/// Finds out which of the authorised keys is whose.
///
/// One client and one key belong together; of several, a key belongs to the
/// client whose name stands in its comment, as `ssh-keygen` writes `user@host`, or
/// in what the list calls it.
pub(super) fn give_keys(cache: &mut AdoptedCache, machines: &[(&str, Machine)]) {
    let server = machines.iter().find(|(name, _)| *name == cache.host);
    let keys = server
        .map(|(_, machine)| authorized(machine))
        .unwrap_or_default();
    if let ([client], [key]) = (cache.clients.as_mut_slice(), keys.as_slice()) {
        client.identity_key = Some(key.key.clone());
        return;
    }
    for client in &mut cache.clients {
        client.identity_key = named_key(client, &keys);
        if client.identity_key.is_none() {
            cache.unread.push(format!(
                "which of the {} keys in `nix.sshServe.keys` of `{}` is that of `{}`",
                keys.len(),
                cache.host,
                client.host
            ));
        }
    }
}

fn named_key(client: &AdoptedClient, keys: &[Authorized]) -> Option<PublicKey> {
    let names_it = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric() && c != '-')
            .any(|word| word.eq_ignore_ascii_case(&client.host))
    };
    let is_its = |one: &&Authorized| {
        names_it(one.key.comment().unwrap_or_default()) || names_it(&one.written)
    };
    let mut named = keys.iter().filter(is_its);
    match (named.next(), named.next()) {
        (Some(one), None) => Some(one.key.clone()),
        _ => None,
    }
}
