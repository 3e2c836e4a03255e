//! What has to be in force on which machines before the next step of a change.

use super::target::Target;
use crate::command::machine_files::{FOUND_KEYS, NIX_CONF, logins, pins};
use crate::fleet::{Cache, Fleet, Host, HostName, KeyKind, SecretFile, Stage};
use crate::key::{PastedKey, PublicKey, SigningPublicKey};
use crate::steps;

/// One thing that a machine has to have or to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Requirement {
    /// The machine.
    pub(super) host: HostName,
    /// How that is seen.
    pub(super) probe: Probe,
    /// What is said of the machine while it is not so, after its name.
    pub(super) otherwise: String,
    /// The command that makes it so.
    pub(super) cure: String,
}

/// How something is seen on a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Probe {
    /// A file has a line that begins with one text and has another in it; or it has none.
    Line {
        file: String,
        start: String,
        text: String,
        is_wanted: bool,
    },
    /// Its sshd shows this key.
    Shown(PublicKey),
    /// A file has the private half of this key.
    Held { file: String, key: PublicKey },
    /// Its store has nothing that the old key alone has signed.
    SignedAnew { old: String, new: String },
}

/// What has to be in force before the next step; before the new key is known there is nothing.
pub(super) fn needed(fleet: &Fleet, target: &Target) -> Vec<Requirement> {
    let all = match (target.next_key(fleet), fleet.hosts.get(&target.name)) {
        (Some(PastedKey::Signing(new)), Some(_)) => signing(fleet, target, &new),
        (Some(PastedKey::Ssh(new)), Some(host)) => ssh(fleet, target, host, &new),
        _ => Vec::new(),
    };
    all.into_iter().flatten().collect()
}

type Requirements = Vec<Option<Requirement>>;

fn signing(fleet: &Fleet, target: &Target, new: &SigningPublicKey) -> Requirements {
    let Some(cache) = fleet.caches.get(&target.name) else {
        return Vec::new();
    };
    let Some(old) = cache.signing_key.known() else {
        return Vec::new();
    };
    let name = &cache.host;
    let trusts = |client: &Host| {
        let otherwise = format!("does not trust the new signing key of `{name}`");
        has_line(client, NIX_CONF, "", &new.to_string(), &otherwise)
    };
    let mut all: Requirements = clients(fleet, cache).map(|it| Some(trusts(it))).collect();
    if target.stage == Some(Stage::InUse) {
        let distrusts = |client: &Host| {
            let otherwise = format!("still trusts the old signing key of `{name}`");
            let mut one = has_line(client, NIX_CONF, "", &old.to_string(), &otherwise);
            if let Probe::Line { is_wanted, .. } = &mut one.probe {
                *is_wanted = false;
            }
            one
        };
        all.extend(clients(fleet, cache).map(|it| Some(distrusts(it))));
        return all;
    }
    let server = fleet.server(cache);
    let signs = |file: SecretFile| {
        let otherwise = "does not sign with the new key";
        match file {
            SecretFile::Path(path) => has_line(server, NIX_CONF, "", &path, otherwise),
            // Where a secret is, the machine alone knows; its unit has looked for the key.
            SecretFile::Managed(_) => has_line(server, FOUND_KEYS, "", &new.to_string(), otherwise),
        }
    };
    all.push(cache.next_signing_key_file().map(signs));
    let holders = clients(fleet, cache).filter(|it| fleet.caches.contains_key(&it.name));
    let mut stores = vec![server];
    stores.extend(holders);
    let steps = steps::sign_anew(fleet, cache);
    // Harmonia signs what it serves, so nothing is to be done on its host.
    let stores = stores
        .into_iter()
        .filter(|host| cache.ssh_protocol().is_some() || steps.contains_key(&host.name));
    all.extend(stores.map(|host| {
        Some(Requirement {
            host: host.name.clone(),
            probe: Probe::SignedAnew {
                old: old.name().to_owned(),
                new: new.name().to_owned(),
            },
            otherwise: format!("has paths that only the old key of `{name}` has signed"),
            cure: steps.get(&host.name).cloned()?,
        })
    }));
    all
}

fn ssh(fleet: &Fleet, target: &Target, host: &Host, new: &PublicKey) -> Requirements {
    let words = blob(new);
    let is_used = target.stage == Some(Stage::InUse) || !target.has_use_step();
    if !is_used {
        return known_to_others(fleet, target, host, &words);
    }
    let (kind, name) = (target.kind, &target.name);
    let has_key = |host: &Host| {
        Some(Requirement {
            host: host.name.clone(),
            probe: Probe::Held {
                file: steps::private_file(fleet, kind, name),
                key: new.clone(),
            },
            otherwise: "does not use the new key".to_owned(),
            cure: switch(host),
        })
    };
    let mut all = Vec::new();
    if !target.has_use_step() {
        all.extend(known_to_others(fleet, target, host, &words));
    }
    match (kind, fleet.caches.get(name)) {
        (KeyKind::HostKey, _) => all.push(Some(Requirement {
            host: name.clone(),
            probe: Probe::Shown(new.clone()),
            otherwise: "shows another host key".to_owned(),
            cure: switch(host),
        })),
        (KeyKind::SharedIdentity, Some(cache)) => {
            all.extend(clients(fleet, cache).map(has_key));
        }
        _ => all.push(has_key(host)),
    }
    all
}

/// The pins and the logins.
fn known_to_others(fleet: &Fleet, target: &Target, host: &Host, key: &str) -> Requirements {
    let name = &target.name;
    let own = fleet.caches.get(name);
    let lets_in = |cache: &Cache| {
        let otherwise = match target.kind {
            KeyKind::SharedIdentity => "does not let its clients in with the new key".to_owned(),
            _ => format!("does not let `{name}` in with the new key"),
        };
        Some(has_line(
            fleet.server(cache),
            &logins(cache),
            "",
            key,
            &otherwise,
        ))
    };
    if target.kind == KeyKind::SharedIdentity {
        return own.map(lets_in).into_iter().collect();
    }
    let pinned = own.filter(|_| target.kind == KeyKind::HostKey);
    let pinned = pinned.into_iter().flat_map(|cache| {
        let otherwise = format!("does not pin the new host key of `{name}`");
        let pin = move |it| has_line(it, &pins(cache), &cache.ssh_alias(), key, &otherwise);
        clients(fleet, cache).map(pin).map(Some)
    });
    let caches = fleet.caches_of(host);
    let caches = caches.filter(|cache| is_its_key(fleet, target, cache, host));
    pinned.chain(caches.map(lets_in)).collect()
}

/// The clients that are set up: of the others nothing is expected.
fn clients<'f>(fleet: &'f Fleet, cache: &'f Cache) -> impl Iterator<Item = &'f Host> {
    let is_wired = |client: &&Host| fleet.missing(cache, client).is_empty();
    fleet.clients(cache).filter(is_wired)
}

/// True if the client logs in at the cache with the key that is changed.
fn is_its_key(fleet: &Fleet, target: &Target, cache: &Cache, client: &Host) -> bool {
    let own = fleet.identity(cache, client).public_key(client);
    let old = target.ssh_keys(fleet).and_then(|(old, _)| old);
    own.is_some() && own == old.as_ref()
}

fn has_line(host: &Host, file: &str, start: &str, text: &str, otherwise: &str) -> Requirement {
    Requirement {
        host: host.name.clone(),
        probe: Probe::Line {
            file: file.to_owned(),
            start: start.to_owned(),
            text: text.to_owned(),
            is_wanted: true,
        },
        otherwise: otherwise.to_owned(),
        cure: switch(host),
    }
}

fn switch(host: &Host) -> String {
    steps::switch_command(&host.name)
}

/// What of a key is in the files of a machine, whatever is around it.
pub(super) fn blob(key: &PublicKey) -> String {
    let text = key.to_string();
    text.split(' ').nth(1).unwrap_or(&text).to_owned()
}
