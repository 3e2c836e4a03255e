//! `sync --take-over`: hand-made wiring gives way to owned modules.
//!
//! All of a cache's wiring or nothing: what cannot be read, what other hosts have
//! from the same place, and what owned modules would not say stops it, with the
//! place. What is not the cache's alone stays where it is, and is said.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::client;
use super::found::Found;
use super::server;
use crate::command::draft::{Draft, parsed};
use crate::command::notes::public_half;
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Cache, Fleet, Host, HostName, InventoryEditor, Missing, Wiring};
use crate::nix::{Refusal, edit};
use crate::repo::{Repo, RepoPath};
use crate::survey::{Machine, Survey};

/// Which of the adopted caches larder takes over.
#[derive(Debug, Clone)]
pub(super) enum Which {
    /// All of them, if any.
    All,
    /// These.
    Named(Vec<HostName>),
}

impl Which {
    /// As the command line says it: without a name, all.
    pub(super) fn of(names: Vec<HostName>) -> Self {
        if names.is_empty() {
            Self::All
        } else {
            Self::Named(names)
        }
    }
}

/// What has been taken over.
pub(super) struct Taken {
    /// The fleet, whose wiring is owned now.
    pub(super) fleet: Fleet,
    /// The caches.
    pub(super) caches: Vec<HostName>,
    /// What is left of the files that had the wiring.
    pub(super) left: Vec<(RepoPath, Arc<str>)>,
    /// What stays, and what is different now.
    pub(super) notes: Vec<String>,
}

/// The machines of the fleet, and who has which file.
pub(super) struct Machines<'a> {
    pub(super) fleet: &'a Fleet,
    by_name: BTreeMap<&'a HostName, Machine>,
    users: BTreeMap<RepoPath, BTreeSet<&'a HostName>>,
}

/// Takes the wiring out of people's files and says in the inventory that it is
/// larder's.
pub(super) fn take(draft: &mut Draft, fleet: &Fleet, which: &Which) -> Result<Taken, Stop> {
    let caches = chosen(fleet, which)?;
    let names: Vec<HostName> = caches.iter().map(|cache| cache.host.clone()).collect();
    let mut taken = Taken {
        fleet: fleet.clone(),
        caches: names.clone(),
        left: Vec::new(),
        notes: Vec::new(),
    };
    if names.is_empty() {
        return Ok(taken);
    }
    taken.fleet = owned(draft, fleet, &caches)?;
    let mut refused = incomplete(&taken.fleet, &names);
    let found = find(draft.repo(), &taken.fleet, &names);
    refused.extend_from_slice(found.refused());
    if !refused.is_empty() {
        return Err(Stop::Refused(refused));
    }
    for (path, pieces) in found.pieces {
        let left = take_out(draft, &path, &pieces)?;
        taken.left.push((path, left));
    }
    taken.notes = found.notes;
    Ok(taken)
}

fn chosen<'a>(fleet: &'a Fleet, which: &Which) -> Result<Vec<&'a Cache>, Stop> {
    let is_adopted = |cache: &&Cache| cache.wiring == Wiring::Adopted;
    let Which::Named(names) = which else {
        return Ok(fleet.caches.values().filter(is_adopted).collect());
    };
    let require = |name: &HostName| {
        let cache = fleet.require_cache(name.as_str())?;
        if is_adopted(&cache) {
            Ok(cache)
        } else {
            Err(Stop::from(is_owned(fleet, cache)))
        }
    };
    names.iter().map(require).collect()
}

fn is_owned(fleet: &Fleet, cache: &Cache) -> Diagnostic {
    let said = format!("larder wires `{}` already", cache.host);
    Diagnostic::error("cache-owned", said)
        .at(
            &fleet.source,
            cache.range.clone(),
            "without `wiring = \"adopted\"`",
        )
        .about(cache.host.to_string())
        .help("`larder sync` makes the repository say what the inventory says")
}

fn owned(draft: &mut Draft, fleet: &Fleet, caches: &[&Cache]) -> Result<Fleet, Stop> {
    let mut inventory = InventoryEditor::open(&fleet.source).map_err(Stop::Refused)?;
    for cache in caches {
        inventory.set_cache(&Cache {
            wiring: Wiring::Owned,
            ..(*cache).clone()
        })?;
    }
    draft.write_inventory(inventory.text().to_owned())
}

/// Every client has its wiring now, and must have it afterwards.
fn incomplete(fleet: &Fleet, names: &[HostName]) -> Vec<Diagnostic> {
    let mut refused: Vec<Diagnostic> = Vec::new();
    for cache in names.iter().filter_map(|name| fleet.caches.get(name)) {
        for client in fleet.clients(cache) {
            for missing in fleet.missing(cache, client) {
                let said = lacks(fleet, cache, client, missing);
                if !refused.contains(&said) {
                    refused.push(said);
                }
            }
        }
    }
    refused
}

fn lacks(fleet: &Fleet, cache: &Cache, client: &Host, missing: Missing) -> Diagnostic {
    let (server, client_name) = (&cache.host, &client.name);
    let said = |what: String| {
        let what = format!("{what}, and larder wires nobody without it");
        let said = Diagnostic::error("take-over-incomplete", what);
        said.at(&fleet.source, cache.range.clone(), "")
    };
    let file = cache.signing_key_file();
    match missing {
        Missing::Pin => said(format!("the SSH host key of `{server}` is not known"))
            .about(format!("{server} host-key"))
            .help(format!("run `larder keys set {server} KEY`")),
        Missing::SigningKey => said(format!("the signing key of `{server}` is not known"))
            .about(format!("{server} signing-key"))
            .help(format!(
                "where it has none: on `{server}`, run `nix-store --generate-binary-cache-key {server}-1 {file} {}`",
                public_half(&file)
            ))
            .help(format!("run `larder keys set {server} --signing-key KEY`")),
        Missing::IdentityKey => said(format!(
            "the public half of the key with which `{client_name}` logs in at `{server}` is not known"
        ))
        .about(format!("{client_name} identity"))
        .help(format!("run `larder keys set {client_name} --identity KEY`")),
        Missing::ClientModule | Missing::ServerModule => {
            let host = if missing == Missing::ClientModule { client_name } else { server };
            said(format!("`{host}` has no module in the inventory"))
                .about(format!("{host} module"))
                .help(format!("write `module = \"PATH\"` under `[hosts.{host}]`"))
        }
    }
}

fn find(repo: &Repo, fleet: &Fleet, names: &[HostName]) -> Found {
    let machines = Machines::of(repo, fleet);
    let mut found = Found::default();
    for cache in names.iter().filter_map(|name| fleet.caches.get(name)) {
        server::find(&machines, cache, names, &mut found);
        for client in fleet.clients(cache) {
            client::find(&machines, cache, client, &mut found);
        }
    }
    found
}

fn take_out(draft: &mut Draft, path: &RepoPath, pieces: &[edit::Piece]) -> Result<Arc<str>, Stop> {
    let source = draft.source(path)?;
    let file = parsed(draft.repo(), path, &source)?;
    let left = edit::take_out(&file, pieces).map_err(|refusal: Refusal| {
        super::found::refused(&source, refusal.range, &refusal.message)
    })?;
    let left: Arc<str> = left.text().into();
    draft.write(path, left.clone());
    Ok(left)
}

impl<'a> Machines<'a> {
    fn of(repo: &Repo, fleet: &'a Fleet) -> Self {
        let survey = Survey::new(repo);
        let mut machines = Self {
            fleet,
            by_name: BTreeMap::new(),
            users: BTreeMap::new(),
        };
        for host in fleet.hosts.values() {
            let Some(machine) = survey.machine_of(host) else {
                continue;
            };
            for file in machine.files() {
                let users = machines.users.entry(file.clone()).or_default();
                users.insert(&host.name);
            }
            machines.by_name.insert(&host.name, machine);
        }
        machines
    }

    /// What a host's own files say.
    pub(super) fn of_host(&self, name: &HostName) -> Option<&Machine> {
        self.by_name.get(name)
    }

    /// The hosts that have a file among theirs.
    pub(super) fn users_of(&self, file: &RepoPath) -> impl Iterator<Item = &'a HostName> {
        self.users.get(file).into_iter().flatten().copied()
    }
}
