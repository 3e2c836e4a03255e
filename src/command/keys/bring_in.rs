//! Brings public keys into the inventory, one or many in one commit: clients and caches that
//! waited for them are set up.

use super::new_key::{KeyOfHost, NewKey};
use super::{elsewhere, jump_hosts};

use crate::command::plan_builder::PlanBuilder;
use crate::command::reconcile::reconcile;
use crate::command::{LocalKey, host_keys, left_keys, notes, signing_key};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{
    Fleet, Host, HostName, Identity, InventoryEditor, KeyKind, Rotation, Stage, Successor,
};
use crate::key::{PublicKey, SigningPublicKey};
use crate::plan::{Plan, ShownKey};
use crate::project::Project;
use crate::steps::{self, Step};

/// What is brought in.
#[derive(Debug, Default)]
pub struct Request {
    pub(super) keys: Vec<KeyOfHost>,
    /// Known keys give way.
    pub(super) replace: bool,
    pub(super) local_keys: Vec<LocalKey>,
    /// The keys as a person judges them, where that person has not typed them.
    pub(super) shown: Vec<ShownKey>,
    /// What could not be brought in, and why.
    pub(super) notes: Vec<String>,
}

/// The plan of `keys set`, `keys scan` and `keys pull`.
pub(super) fn plan(project: &Project, request: &Request) -> Result<Plan, Stop> {
    let fleet = project.fleet()?;
    let new = with_keys(fleet, request)?;
    let mut builder = PlanBuilder::of(project);
    let mut inventory = InventoryEditor::of(fleet);
    for (name, host) in &new.hosts {
        if fleet.hosts.get(name) != Some(host) {
            inventory.set_host(host)?;
        }
    }
    for (name, cache) in &new.caches {
        if fleet.caches.get(name) != Some(cache) {
            inventory.set_cache(cache)?;
        }
    }
    for (name, cache) in &new.external_caches {
        if fleet.external_caches.get(name) != Some(cache) {
            inventory.set_external_cache(cache)?;
        }
    }
    for (address, jump_host) in &new.jump_hosts {
        if fleet.jump_hosts.get(address) != Some(jump_host) {
            inventory.set_jump_host(jump_host)?;
        }
    }
    let new = builder.write_inventory(inventory.text().to_owned())?;
    reconcile(&mut builder, fleet, &new)?;
    let mut plan = builder.finish(message(&request.keys));
    plan.shown_keys.clone_from(&request.shown);
    plan.notes.clone_from(&request.notes);
    for name in hosts(&request.keys) {
        plan.notes.extend(notes::obstacles_of_clients(&new, name));
        plan.notes.extend(notes::obstacles_of_host(&new, name));
    }
    plan.steps = steps(fleet, &new, &request.keys);
    let local = &request.local_keys;
    plan.notes
        .extend(left_keys::note(project, local, fleet, &new));
    Ok(plan)
}

/// The fleet with the keys.
fn with_keys(fleet: &Fleet, request: &Request) -> Result<Fleet, Stop> {
    let mut new = fleet.clone();
    for KeyOfHost { host, key } in &request.keys {
        if elsewhere::is_one(fleet, host) {
            elsewhere::set(&mut new, host, key, request.replace)?;
            continue;
        }
        match key {
            NewKey::Host(key) => set_host_key(&mut new, request, host, key)?,
            NewKey::Identity(key) => set_identity(&mut new, request, host, key)?,
            NewKey::Signing(key) => set_signing(&mut new, request, host, key)?,
        }
    }
    for KeyOfHost { host, key } in &request.keys {
        if let NewKey::Host(key) = key {
            host_keys::refuse_anothers(&new, host, key)?;
        }
    }
    Ok(new)
}

fn set_host_key(
    fleet: &mut Fleet,
    request: &Request,
    name: &HostName,
    key: &PublicKey,
) -> Result<(), Stop> {
    if jump_hosts::is_one(fleet, name) {
        let known = jump_hosts::known(fleet, name);
        refuse_replacing(request, name, "host key", known, key)?;
        jump_hosts::set_key(fleet, name, key);
        return Ok(());
    }
    let mut host = fleet.require_host(name)?.clone();
    if is_new(fleet, name, KeyKind::HostKey, host.host_key.as_ref(), key)? {
        host.next_host_key = Some(Successor::known(key.clone()));
    } else {
        refuse_replacing(request, name, "host key", host.host_key.as_ref(), key)?;
        host.host_key = Some(key.clone());
    }
    put(fleet, host);
    Ok(())
}

/// The host's own word about its identity, with this public half.
fn set_identity(
    fleet: &mut Fleet,
    request: &Request,
    name: &HostName,
    key: &PublicKey,
) -> Result<(), Stop> {
    let mut host = fleet.require_host(name)?.clone();
    let of_cache = fleet.caches_of(&host).map(|cache| &cache.identity);
    let is_file = |identity: &&Identity| matches!(identity, Identity::File { .. });
    let identity = host.identity.iter().chain(of_cache).find(is_file).cloned();
    let Some(Identity::File {
        path,
        key: known,
        next,
        make,
    }) = identity
    else {
        return Err(uses_host_key(name));
    };
    let is_new = is_new(fleet, name, KeyKind::Identity, known.as_ref(), key)?;
    if !is_new {
        refuse_replacing(request, name, "identity key", known.as_ref(), key)?;
    }
    host.identity = Some(Identity::File {
        path,
        key: if is_new { known } else { Some(key.clone()) },
        next: if is_new {
            Some(Successor::known(key.clone()))
        } else {
            next
        },
        make,
    });
    put(fleet, host);
    Ok(())
}

fn set_signing(
    fleet: &mut Fleet,
    request: &Request,
    name: &HostName,
    key: &SigningPublicKey,
) -> Result<(), Stop> {
    let mut cache = fleet.require_cache(name)?.clone();
    let known = cache.signing_key.known();
    if is_new(fleet, name, KeyKind::Signing, known, key)? {
        signing_key::refuse_same_name(&cache, key)?;
        cache.next_signing_key = Some(Successor::known(key.clone()));
    } else {
        refuse_replacing(request, name, "signing key", known, key)?;
        signing_key::assign(&mut cache, key.clone());
    }
    fleet.caches.insert(name.clone(), cache);
    Ok(())
}

fn put(fleet: &mut Fleet, host: Host) {
    fleet.hosts.insert(host.name.clone(), host);
}

/// True if the key is the one that takes the place of another, which the machine has made.
///
/// # Errors
/// When both keys are known: a third one has no place.
fn is_new<K: PartialEq>(
    fleet: &Fleet,
    name: &HostName,
    kind: KeyKind,
    old: Option<&K>,
    key: &K,
) -> Result<bool, Stop> {
    match fleet.stage(kind, name) {
        None => Ok(false),
        _ if old == Some(key) => Ok(false),
        Some(Stage::Pending) => Ok(true),
        Some(Stage::Known | Stage::InUse) => {
            let message = format!("the {kind} of `{name}` is being changed");
            Err(Diagnostic::error("rotation-under-way", message)
                .about(name.to_string())
                .help("see `larder rotate`: it says what comes next")
                .into())
        }
    }
}

fn refuse_replacing<K: PartialEq>(
    request: &Request,
    name: &HostName,
    kind: &str,
    known: Option<&K>,
    new: &K,
) -> Result<(), Stop> {
    if request.replace || known.is_none_or(|known| known == new) {
        return Ok(());
    }
    let message = format!("`{name}` already has a different {kind}");
    let mut error = Diagnostic::error("key-known", message).about(name.to_string());
    let shown = request.shown.iter().find(|shown| shown.is_of(name, kind));
    if let Some(shown) = shown {
        error = error.help(format!("{} is from {}", shown.key, shown.from));
    }
    Err(error
        .help("until every machine has been switched, those that know only the other key cannot use it")
        .help("to replace it all the same: `--replace`")
        .into())
}

fn uses_host_key(name: &HostName) -> Stop {
    let said = format!("`{name}` logs in with its SSH host key");
    Diagnostic::error("identity-is-host-key", said)
        .about(name.to_string())
        .help(format!("to set that one: `larder keys set {name} KEY`"))
        .into()
}

/// What the keys open, and what is still missing beside them.
fn steps(before: &Fleet, after: &Fleet, keys: &[KeyOfHost]) -> Vec<Step> {
    let mut all = steps::between(before, after, None);
    for name in hosts(keys) {
        all.extend(steps::keys_of_cache(after, name));
        all.extend(steps::keys_of_host(after, name));
    }
    let goes_on = |one: &Rotation| {
        one.stage == Stage::Known && before.stage(one.kind, &one.name) == Some(Stage::Pending)
    };
    let going_on = after.rotations().into_iter().filter(goes_on);
    all.extend(going_on.map(|one| steps::go_on(one.kind, &one.name)));
    steps::in_order(all)
}

/// The hosts, each once.
fn hosts(keys: &[KeyOfHost]) -> Vec<&HostName> {
    let mut names: Vec<&HostName> = keys.iter().map(|key| &key.host).collect();
    names.sort();
    names.dedup();
    names
}

/// A subject line has room for a few names; the others are in the body.
const NAMED: usize = 4;

fn message(keys: &[KeyOfHost]) -> String {
    let names = hosts(keys);
    let kind = match keys {
        [only] => format!("the {}", only.key.words()),
        [first, rest @ ..] if rest.iter().all(|it| it.key.words() == first.key.words()) => {
            format!("the {}s", first.key.words())
        }
        _ => "keys".to_owned(),
    };
    let words: Vec<String> = names.iter().map(ToString::to_string).collect();
    match &words[..] {
        [first @ .., last] if !first.is_empty() && words.len() <= NAMED => {
            format!("larder: set {kind} of {} and {last}", first.join(", "))
        }
        [_, _, ..] => format!(
            "larder: set {kind} of {} hosts\n\n{}",
            words.len(),
            words.join(", ")
        ),
        _ => format!("larder: set {kind} of {}", words.concat()),
    }
}
