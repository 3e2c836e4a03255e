//! `sync --take-over`: hand-made wiring gives way to owned modules.
//!
//! All of a cache's wiring or nothing: what cannot be read, what other hosts have
//! from the same place, and what owned modules would not say stops it, with the
//! place. What is not the cache's alone stays where it is, and is said.

use std::sync::Arc;

use super::client;
use super::hand_wiring::HandWiring;
use super::machines::Machines;
use super::server;
use crate::command::plan_builder::{PlanBuilder, parsed};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Cache, Fleet, Host, HostName, Identity, InventoryEditor, Missing, Wiring};
use crate::nix::{Refusal, edit};
use crate::project::Project;
use crate::repo::RepoPath;

/// Selection of the adopted caches larder takes over.
#[derive(Debug, Clone)]
pub(super) enum Selection {
    /// All of them, if any.
    All,
    /// These.
    Named(Vec<HostName>),
}

impl Selection {
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
pub(super) struct TakeOver {
    /// The fleet, with wiring that larder owns now.
    pub(super) fleet: Fleet,
    /// The caches.
    pub(super) caches: Vec<HostName>,
    /// What is left of the files that had the wiring.
    pub(super) left: Vec<(RepoPath, Arc<str>)>,
    /// What stays, and what is different now.
    pub(super) notes: Vec<String>,
}

/// Takes the wiring out of people's files and says in the inventory that it is
/// larder's.
pub(super) fn take(
    project: &Project,
    builder: &mut PlanBuilder,
    which: &Selection,
) -> Result<TakeOver, Stop> {
    let fleet = project.fleet()?;
    let caches = chosen(fleet, which)?;
    let names: Vec<HostName> = caches.iter().map(|cache| cache.host.clone()).collect();
    let mut taken = TakeOver {
        fleet: fleet.clone(),
        caches: names.clone(),
        left: Vec::new(),
        notes: Vec::new(),
    };
    if names.is_empty() {
        return Ok(taken);
    }
    taken.fleet = owned(builder, fleet, &caches)?;
    let mut refused = incomplete(&taken.fleet, &names);
    let found = find(project, &taken.fleet, &names);
    refused.extend_from_slice(found.refused());
    if !refused.is_empty() {
        return Err(Stop::Refused(refused));
    }
    for (path, pieces) in found.pieces {
        let left = take_out(builder, &path, &pieces)?;
        taken.left.push((path, left));
    }
    taken.notes = found.notes;
    Ok(taken)
}

fn chosen<'a>(fleet: &'a Fleet, which: &Selection) -> Result<Vec<&'a Cache>, Stop> {
    let is_adopted = |cache: &&Cache| cache.wiring == Wiring::Adopted;
    let Selection::Named(names) = which else {
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

fn owned(builder: &mut PlanBuilder, fleet: &Fleet, caches: &[&Cache]) -> Result<Fleet, Stop> {
    let mut inventory = InventoryEditor::of(fleet);
    for cache in caches {
        inventory.set_cache(&Cache {
            wiring: Wiring::Owned,
            ..(*cache).clone()
        })?;
    }
    let written = builder.write_inventory(inventory.text().to_owned())?;
    Ok(Arc::unwrap_or_clone(written))
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
        let what = format!("{what}, and is needed first");
        let said = Diagnostic::error("take-over-incomplete", what);
        said.at(&fleet.source, cache.range.clone(), "")
    };
    match missing {
        Missing::Pin => said(format!("the SSH host key of `{server}` is not known"))
            .about(format!("{server} host-key"))
            .help(format!("run `larder keys set {server} KEY`")),
        Missing::SigningKey => said(format!("the signing key of `{server}` is not known"))
            .about(format!("{server} signing-key"))
            .help(format!(
                "where it has none: on `{server}`, run `{}`",
                cache.signing_key_command()
            ))
            .help(format!("run `larder keys set {server} --signing-key KEY`")),
        Missing::IdentityKey => said(format!(
            "the public half of the key with which `{client_name}` logs in at `{server}` is not known"
        ))
        .about(format!("{client_name} identity"))
        .help(match fleet.identity(cache, client) {
            Identity::HostKey => format!("run `larder keys set {client_name} KEY`"),
            Identity::File { .. } => format!("run `larder keys set {client_name} --identity KEY`"),
        }),
        Missing::ClientModule | Missing::ServerModule => {
            let host = if missing == Missing::ClientModule { client_name } else { server };
            said(format!("`{host}` has no module in the inventory"))
                .about(format!("{host} module"))
                .help(format!("write `module = \"PATH\"` under `[hosts.{host}]`"))
        }
    }
}

fn find(project: &Project, fleet: &Fleet, names: &[HostName]) -> HandWiring {
    let machines = Machines::of(&project.host_survey(), fleet);
    let mut found = HandWiring::default();
    for cache in names.iter().filter_map(|name| fleet.caches.get(name)) {
        server::find(&machines, cache, names, &mut found);
        for client in fleet.clients(cache) {
            client::find(&machines, cache, client, &mut found);
        }
    }
    found
}

fn take_out(
    builder: &mut PlanBuilder,
    path: &RepoPath,
    pieces: &[edit::Piece],
) -> Result<Arc<str>, Stop> {
    let source = builder.source(path)?;
    let file = parsed(builder.repo(), path, &source)?;
    let left = edit::take_out(&file, pieces).map_err(|refusal: Refusal| {
        super::hand_wiring::refused(&source, refusal.range, &refusal.message)
    })?;
    let left: Arc<str> = left.text().into();
    builder.write(path, left.clone());
    Ok(left)
}
