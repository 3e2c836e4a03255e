//! What a cache built before it had its signing key is unsigned, and clients drop it. While the
//! key changes, they will drop what only the old one has signed.

use std::collections::BTreeMap;

use super::reach::{remote_word, ssh_with_terminal};
use super::{Moment, Step, StepKind, names};
use crate::fleet::{AbsolutePath, Cache, Fleet, Host, HostName, SSH_USER};

/// Nix, in a command that the other machine's shell reads.
const NIX: &str = "sudo nix --extra-experimental-features nix-command";

/// Nix signs what it builds from now on; older paths need this once for each key. Harmonia
/// signs whatever it serves.
pub(super) fn steps(before: &Fleet, after: &Fleet, cache: &Cache) -> Vec<Step> {
    if cache.is_adopted() {
        return Vec::new();
    }
    let next = cache.next_signing_key.as_ref();
    let next = next.and_then(|next| next.key.as_ref());
    let known = |key| {
        before
            .caches
            .values()
            .any(|cache| cache.has_signing_key(key))
    };
    if let Some(file) = next
        .filter(|key| !known(key))
        .and(cache.next_signing_key_path())
    {
        let text = format!(
            "sign what is in the store of `{0}` with the new key as well: once the old one \
             is gone, no client takes what it alone has signed",
            cache.host
        );
        let own = sign(after, cache, &file, text);
        return own.into_iter().chain(copies(after, cache)).collect();
    }
    let was = before.caches.get(&cache.host);
    let is_new_to_ssh = was.is_some_and(|was| was.ssh_protocol().is_none());
    let has_signed = |key| known(key) && !is_new_to_ssh;
    if cache.signing_key.known().is_none_or(has_signed) {
        return Vec::new();
    }
    what_was_built(after, cache).into_iter().collect()
}

/// Signs what a cache built before it signed.
#[must_use]
pub fn what_was_built(fleet: &Fleet, cache: &Cache) -> Option<Step> {
    let host = &cache.host;
    let text = format!("sign what `{host}` built before: without it no client takes that");
    sign(fleet, cache, &cache.signing_key_path(), text)
}

/// The commands that sign anew what is there: on the cache, and on the caches that have fetched
/// from it.
#[must_use]
pub fn anew(fleet: &Fleet, cache: &Cache) -> BTreeMap<HostName, String> {
    let own = cache
        .next_signing_key_path()
        .and_then(|file| sign(fleet, cache, &file, String::new()));
    let steps = own.into_iter().chain(copies(fleet, cache));
    let pairs = steps.flat_map(|step| step.hosts.into_iter().zip(step.commands));
    pairs.collect()
}

fn sign(fleet: &Fleet, cache: &Cache, file: &AbsolutePath, text: String) -> Option<Step> {
    cache.ssh_protocol()?;
    let (path, ssh) = (remote_word(file), ssh_with_terminal(fleet.server(cache)));
    Some(Step {
        moment: Moment::KeysMade,
        action: StepKind::Sign,
        hosts: vec![cache.host.clone()],
        text,
        commands: vec![format!("{ssh} {NIX} store sign --all -k {path}")],
    })
}

/// What other caches have fetched from this one carries the old signature alone, and their
/// own clients fetch it from them.
fn copies(fleet: &Fleet, cache: &Cache) -> Option<Step> {
    let is_cache = |client: &&Host| fleet.caches.contains_key(&client.name);
    let others: Vec<&Host> = fleet.clients(cache).filter(is_cache).collect();
    if others.is_empty() {
        return None;
    }
    let command = |other: &&Host| {
        let ssh = ssh_with_terminal(other);
        let Some(protocol) = cache.engine.ssh_protocol() else {
            // Nix remembers for a month which signatures a path has over HTTP.
            let store = fleet.store_url(&fleet.link(cache, other));
            return format!("{ssh} {NIX} store copy-sigs --refresh -s {store} --all");
        };
        let store = format!("{protocol}://{SSH_USER}@{}", cache.ssh_alias());
        format!("{ssh} {NIX} store copy-sigs -s {store} --all")
    };
    let hosts: Vec<_> = others.iter().map(|host| host.name.clone()).collect();
    Some(Step {
        moment: Moment::KeysSigned,
        action: StepKind::Sign,
        text: format!(
            "then bring these signatures to what {} fetched from `{}` before",
            names(&hosts),
            cache.host
        ),
        commands: others.iter().map(command).collect(),
        hosts,
    })
}
