//! A host reaches what larder wrote for another host.
//!
//! ## Why is this bad
//! The role of the one is in force on the other as well: it serves its store, or asks a
//! cache that does not know it, though `larder.toml` says nothing of the kind. It happens
//! when a module gets an import and other hosts have that module too.
//!
//! ## Example
//! ```nix
//! # desktop.nix, which weaver imports too
//! { imports = [ ./larder/hosts/pai.nix ]; }
//! ```
//!
//! ## What to do
//! Name a module of the host's own in `larder.toml`, and run `larder sync`. If all wired
//! hosts have the module, write `import = "desktop.nix"` at the top: one import there, which
//! picks the host by its name. If the other host is a variant of the same machine, name it
//! under `except` of the cache: the one stands for both.

use std::collections::BTreeMap;

use crate::diagnostic::Severity;
use crate::fleet::{Fleet, Host, HostName, Selector};
use crate::lint::check::StaticCheck;
use crate::lint::context::{Context, Reach};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::repo::RepoPath;
use crate::survey::{Machine, Spot};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Fleet(leaks)],
    evaluated_half: &[],
};

fn leaks(context: &Context<'_>) -> Vec<Violation> {
    // One import for all tells the hosts apart itself.
    if context.fleet.import.is_some() {
        return Vec::new();
    }
    let roles = roles(context);
    let leaks = |reach: &Reach<'_>| {
        let foreign = foreign(&roles, reach);
        let leaks = foreign.filter_map(|(role, spot)| leak(context, reach, role, &spot));
        leaks.collect::<Vec<_>>()
    };
    context.reached().iter().flat_map(leaks).collect()
}

/// What larder wrote for one host.
struct Role<'a> {
    owner: &'a HostName,
    /// Its path from the flake's folder.
    stub: &'a str,
}

/// By the file that holds it: hosts import few files, and a fleet has many roles.
type Roles<'a> = BTreeMap<RepoPath, Role<'a>>;

fn roles<'a>(context: &'a Context<'_>) -> Roles<'a> {
    let role = |(owner, stub): &'a (HostName, String)| {
        Some((context.repo.path(stub)?, Role { owner, stub }))
    };
    context.imports().iter().filter_map(role).collect()
}

/// The roles of others that a host reaches, each with the first place that imports it.
fn foreign<'r, 'a>(
    roles: &'r Roles<'a>,
    reach: &'r Reach<'_>,
) -> impl Iterator<Item = (&'r Role<'a>, Spot)> + use<'r, 'a> {
    let imported = reach.machines.iter().flat_map(Machine::imported);
    let mut first = BTreeMap::new();
    for (path, spot) in imported {
        let role = roles.get_key_value(path);
        if let Some((path, role)) = role.filter(|(_, role)| role.owner.as_str() != reach.host) {
            first.entry(path).or_insert((role, spot));
        }
    }
    first.into_values()
}

fn leak(
    context: &Context<'_>,
    reach: &Reach<'_>,
    role: &Role<'_>,
    spot: &Spot,
) -> Option<Violation> {
    let fleet = context.fleet;
    let (owner, host) = (role.owner, fleet.hosts.get(reach.host));
    if host.is_some_and(|host| stands_for(context, fleet.hosts.get(owner), host)) {
        return None;
    }
    let subject = host.map_or_else(|| Subject::flake_host(reach.host), Subject::host);
    let file = context.repo.shown(spot.file.path());
    let name = reach.host;
    let message = format!("`{name}` gets the role of `{owner}`: it has `{file}` too");
    let help = format!("name a module that only `{owner}` has under `[hosts.{owner}]`");
    Some(
        Violation::new(subject.part(role.stub), message)
            .at_spot(spot, "imported here")
            .help(help),
    )
}

/// True if both have the same module, and the inventory says that one of them stands for
/// both, or another rule says that this is wrong.
fn stands_for(context: &Context<'_>, owner: Option<&Host>, host: &Host) -> bool {
    let Some(owner) = owner else { return false };
    let is_same = owner.module == host.module && owner.within == host.within;
    let is_wired = context.imports().iter().any(|(name, _)| *name == host.name);
    is_same && (is_wired || is_excepted(context.fleet, &host.name))
}

fn is_excepted(fleet: &Fleet, name: &HostName) -> bool {
    let is_it = |one: &Selector| *one == Selector::Host(name.clone());
    let excepted = fleet.caches.values().flat_map(|cache| &cache.except);
    let elsewhere = fleet.external_caches.values();
    let mut excepted = excepted.chain(elsewhere.flat_map(|cache| &cache.except));
    excepted.any(is_it)
}
