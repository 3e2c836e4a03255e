//! What a change of a key leaves to do beside the switches: bring the new key in, go on, put a
//! key in its place, delete the one that is no longer needed.

use super::reach::{remote_word, ssh_with_terminal};
use super::set_key::PUBLIC_HALF;
use super::{Moment, Step, StepKind, secret};
use crate::fleet::{
    Cache, Fleet, HOST_KEY_FILE, HostName, Identity, KeyKind, ManagedSecret, SecretFile,
    public_file_beside,
};
use crate::text::shell_word;

/// The new key that a machine has made.
#[must_use]
pub fn bring_in_new(fleet: &Fleet, kind: KeyKind, name: &HostName) -> Step {
    let cache = fleet.caches.get(name).filter(|_| kind == KeyKind::Signing);
    let commands = match cache {
        Some(cache) if !cache.makes_signing_key() => by_hand(fleet, cache),
        _ => vec![kind.command(name)],
    };
    Step {
        moment: Moment::KeysMade,
        action: StepKind::SetKey,
        hosts: vec![name.clone()],
        text: format!("bring in the new {kind} of `{name}`: no other machine knows it yet"),
        commands,
    }
}

/// The next call, once this one is in force.
#[must_use]
pub fn go_on(kind: KeyKind, name: &HostName) -> Step {
    Step {
        moment: Moment::Last,
        action: StepKind::Rotate,
        hosts: vec![name.clone()],
        text: format!("when all of this is done, go on with the {kind} of `{name}`"),
        commands: vec![kind.command(name)],
    }
}

/// The private half of the key that has gone, where the wiring has put it aside.
#[must_use]
pub fn delete_old(before: &Fleet, kind: KeyKind, name: &HostName) -> Option<Step> {
    if let Some(secret) = secret_of(before, kind, name) {
        return Some(secret::take_out(&secret, name, &format!("the old {kind}")));
    }
    let file = match kind {
        KeyKind::Signing => before.caches.get(name)?.signing_key_path().to_string(),
        _ => format!("{}.old", file_of(before, kind, name)),
    };
    delete(before, name, &file, "old", kind)
}

/// The private half of a new key that is not wanted after all.
#[must_use]
pub fn delete_new(before: &Fleet, kind: KeyKind, name: &HostName) -> Option<Step> {
    let cache = before.caches.get(name).filter(|_| kind == KeyKind::Signing);
    let next = cache.and_then(Cache::next_signing_key_file);
    if let Some(secret) = next.as_ref().and_then(SecretFile::managed) {
        return Some(secret::take_out(secret, name, &format!("the new {kind}")));
    }
    delete(before, name, &new_file(before, kind, name), "new", kind)
}

/// The new key of a machine that gets it from a secret manager: of a signing key the second
/// secret, before the switch; of a login key the same one, once it is let in.
#[must_use]
pub fn bring_in_secret(fleet: &Fleet, kind: KeyKind, name: &HostName) -> Option<Step> {
    let cache = fleet.caches.get(name);
    let next = cache.and_then(Cache::next_signing_key_file);
    match kind {
        KeyKind::Signing => {
            let secret = next.as_ref()?.managed()?;
            let what = format!("the new {kind} of `{name}`");
            Some(secret::bring(
                secret,
                std::slice::from_ref(name),
                &what,
                None,
            ))
        }
        KeyKind::HostKey => None,
        KeyKind::Identity | KeyKind::SharedIdentity => {
            let secret = secret_of(fleet, kind, name)?;
            let what = format!("the new {kind} of `{name}`");
            let hosts = holders(fleet, kind, name);
            let step = secret::bring(&secret, &hosts, &what, None);
            Some(Step {
                moment: Moment::Clients,
                text: format!(
                    "when the new {kind} of `{name}` is let in, encrypt it as the secret \
                     `{secret}`, and switch who has it"
                ),
                ..step
            })
        }
    }
}

/// The hosts that log in with a key.
fn holders(fleet: &Fleet, kind: KeyKind, name: &HostName) -> Vec<HostName> {
    match fleet.caches.get(name) {
        Some(cache) if kind == KeyKind::SharedIdentity => {
            let clients = fleet.clients(cache);
            let sharing = clients.filter(|client| client.identity.is_none());
            sharing.map(|client| client.name.clone()).collect()
        }
        _ => vec![name.clone()],
    }
}

/// The secret that has a key.
fn secret_of(fleet: &Fleet, kind: KeyKind, name: &HostName) -> Option<ManagedSecret> {
    let (host, cache) = (fleet.hosts.get(name), fleet.caches.get(name));
    let of_identity = |identity: &Identity| match identity {
        Identity::File { path, .. } => path.managed().cloned(),
        Identity::HostKey => None,
    };
    match kind {
        KeyKind::HostKey => None,
        KeyKind::Signing => cache?.signing_key_file().managed().cloned(),
        KeyKind::Identity => of_identity(host?.identity.as_ref()?),
        KeyKind::SharedIdentity => of_identity(&cache?.identity),
    }
}

/// What a machine is to do for a key that has replaced another at once.
#[must_use]
pub fn put_in_place(before: &Fleet, after: &Fleet, kind: KeyKind, name: &HostName) -> Vec<Step> {
    let is_secret = secret_of(after, kind, name).is_some();
    let is_there = kind == KeyKind::Signing || before.stage(kind, name).is_none();
    if is_there && !is_secret {
        return Vec::new();
    }
    let Some(host) = after.hosts.get(name) else {
        return Vec::new();
    };
    if let Some(secret) = secret_of(after, kind, name) {
        let (what, hosts) = (
            format!("the new {kind} of `{name}`"),
            holders(after, kind, name),
        );
        return vec![secret::bring(&secret, &hosts, &what, None)];
    }
    let (ssh, file) = (ssh_with_terminal(host), file_of(after, kind, name));
    let move_file = |end: &str| {
        let (from, to) = (format!("{file}.next{end}"), format!("{file}{end}"));
        format!(
            "{ssh} sudo mv -f {} {}",
            remote_word(&from),
            remote_word(&to)
        )
    };
    let mut commands = vec![move_file(".pub"), move_file("")];
    if kind == KeyKind::HostKey {
        commands.push(format!("{ssh} sudo systemctl try-restart sshd"));
    }
    vec![Step {
        moment: Moment::First,
        action: StepKind::InstallKey,
        hosts: vec![name.clone()],
        text: format!(
            "put the new {kind} of `{name}` in the place of the old one, unless it is there"
        ),
        commands,
    }]
}

/// How a machine gets another key when the old one has been withdrawn.
#[must_use]
pub fn after_withdrawal(after: &Fleet, kind: KeyKind, name: &HostName) -> Vec<Step> {
    let Some(host) = after.hosts.get(name) else {
        return Vec::new();
    };
    if let Some(secret) = secret_of(after, kind, name) {
        let (what, hosts) = (
            format!("another {kind} of `{name}`"),
            holders(after, kind, name),
        );
        let mut steps = vec![secret::bring(&secret, &hosts, &what, None)];
        steps.extend(super::keys_of_host(after, name));
        steps.extend(super::keys_of_cache(after, name));
        return steps;
    }
    if kind == KeyKind::Signing {
        return super::keys_of_cache(after, name);
    }
    let (ssh, file) = (ssh_with_terminal(host), file_of(after, kind, name));
    let word = remote_word(&file);
    let mut commands = vec![format!(
        "{ssh} sudo rm -f {word} {}",
        remote_word(&format!("{file}.pub"))
    )];
    commands.push(match kind {
        KeyKind::HostKey => format!("{ssh} sudo systemctl restart sshd-keygen sshd"),
        _ => format!("{ssh} sudo ssh-keygen -q -t ed25519 -N \"''\" -f {word}"),
    });
    let mut steps = vec![Step {
        moment: Moment::KeysMade,
        action: StepKind::InstallKey,
        hosts: vec![name.clone()],
        text: format!("make another {kind} on `{name}`"),
        commands,
    }];
    steps.extend(super::keys_of_host(after, name));
    steps.extend(super::keys_of_cache(after, name));
    steps
}

/// The file of a key on its machine.
fn file_of(fleet: &Fleet, kind: KeyKind, name: &HostName) -> String {
    let host = fleet.hosts.get(name);
    let cache = fleet.caches.get(name);
    let identity = match kind {
        KeyKind::Identity => host.and_then(|host| host.identity.as_ref()),
        KeyKind::SharedIdentity => cache.map(|cache| &cache.identity),
        KeyKind::HostKey | KeyKind::Signing => None,
    };
    match (identity, kind, cache) {
        (Some(Identity::File { path, .. }), ..) => path.path(name).to_string(),
        (_, KeyKind::Signing, Some(cache)) => cache.signing_key_path().to_string(),
        _ => HOST_KEY_FILE.to_owned(),
    }
}

fn new_file(fleet: &Fleet, kind: KeyKind, name: &HostName) -> String {
    let signing = fleet.caches.get(name).filter(|_| kind == KeyKind::Signing);
    let signing = signing.and_then(Cache::next_signing_key_path);
    signing.map_or_else(
        || format!("{}.next", file_of(fleet, kind, name)),
        |file| file.to_string(),
    )
}

/// One command prints the public half, the other asks for it: where sudo wants a password, it
/// asks on a terminal, and what it says there must not become the key.
fn by_hand(fleet: &Fleet, cache: &Cache) -> Vec<String> {
    let ssh = ssh_with_terminal(fleet.server(cache));
    let file = cache.next_signing_key_path();
    let file = file.unwrap_or_else(|| cache.signing_key_path());
    let print = format!("sudo cat {} | {PUBLIC_HALF}", shell_word(&file));
    vec![
        format!("{ssh} {}", shell_word(&print)),
        format!("larder rotate signing-key {}", cache.host),
    ]
}

/// The public half of the new key that a machine makes. It is beside the private half;
/// everybody on the machine may read it.
#[must_use]
pub fn new_public_file(fleet: &Fleet, kind: KeyKind, name: &HostName) -> String {
    let file = new_file(fleet, kind, name);
    if kind == KeyKind::Signing {
        public_file_beside(&file)
    } else {
        format!("{file}.pub")
    }
}

fn delete(fleet: &Fleet, name: &HostName, file: &str, which: &str, kind: KeyKind) -> Option<Step> {
    let ssh = ssh_with_terminal(fleet.hosts.get(name)?);
    Some(Step {
        moment: Moment::Last,
        action: StepKind::DeleteKey,
        hosts: vec![name.clone()],
        text: format!("after the switches, delete the {which} private {kind} on `{name}`"),
        commands: vec![format!("{ssh} sudo rm -f {}", remote_word(file))],
    })
}

/// The file with the private key that a machine logs in with or is known by. (Of a secret it is
/// the usual path.)
#[must_use]
pub fn private_file(fleet: &Fleet, kind: KeyKind, name: &HostName) -> String {
    file_of(fleet, kind, name)
}
