//! Two wired hosts have the same host module.
//!
//! ## Why is this bad
//! What larder imports for one of them, the other gets as well: both serve, or
//! both log in with the same settings.
//!
//! ## Example
//! ```toml
//! [hosts.pai]
//! module = "common.nix"
//! [hosts.thaton]
//! module = "common.nix"
//! ```
//!
//! ## What to do
//! If they are variants of one machine, let one of them stand for it and name the
//! others under `except` of the cache. If all wired hosts import the file, write
//! `import = "common.nix"` at the top of `larder.toml`: one import there, which
//! picks the host by its name. Else give each host a file of its own.

use std::collections::BTreeMap;

use crate::diagnostic::Severity;
use crate::fleet::{Fleet, Host};
use crate::lint::check::StaticCheck;
use crate::lint::context::Context;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::nix::AttrPath;
use crate::text::some_quoted;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Fleet(shared)],
    evaluated_half: &[],
};

fn shared(context: &Context<'_>) -> Vec<Violation> {
    let fleet = context.fleet;
    if fleet.import.is_some() {
        return Vec::new();
    }
    let mut sharing: BTreeMap<(&str, Option<&AttrPath>), Vec<&Host>> = BTreeMap::new();
    let wired = context.imports().iter();
    let wired: Vec<&Host> = wired
        .filter_map(|(name, _)| fleet.hosts.get(name))
        .collect();
    for host in &wired {
        if let Some(module) = &host.module {
            let place = (module.as_str(), host.within.as_ref());
            sharing.entry(place).or_default().push(*host);
        }
    }
    let shared = sharing.into_iter().filter(|(_, hosts)| hosts.len() > 1);
    shared
        .map(|((module, _), hosts)| {
            let ways = ways_out(module, &hosts, hosts.len() == wired.len());
            ways.into_iter()
                .fold(violation(fleet, module, &hosts), Violation::help)
        })
        .collect()
}

/// One import for all is only a way out where all have it.
fn ways_out(module: &str, hosts: &[&Host], is_everyone: bool) -> Vec<String> {
    let others: Vec<String> = hosts
        .iter()
        .skip(1)
        .map(|host| format!("\"{}\"", host.name))
        .collect();
    let variants = format!(
        "variants of one machine: write `except = [{}]` to the cache, and `{}` stands for all of them",
        others.join(", "),
        hosts[0].name
    );
    let import = format!("write `import = \"{module}\"` at the top of `larder.toml`");
    let import = is_everyone.then_some(import);
    import.into_iter().chain([variants]).collect()
}

fn violation(fleet: &Fleet, module: &str, hosts: &[&Host]) -> Violation {
    let names = some_quoted(hosts.iter().map(|host| &host.name));
    let message = format!("{names} share the module `{module}`");
    let violation = Violation::new(Subject::file(module), message);
    hosts.iter().fold(violation, |violation, host| {
        violation.at_key_of_host(fleet, host, "module", "")
    })
}
