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

use crate::diagnostic::{Diagnostic, Severity};
use crate::nix::AttrPath;
use crate::fleet::Host;
use crate::lint::context::Context;
use crate::lint::finding::error;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Fleet(check);

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    if context.fleet.import.is_some() {
        return Vec::new();
    }
    let mut sharing: BTreeMap<(&str, Option<&AttrPath>), Vec<&Host>> = BTreeMap::new();
    let wired = context.imports().iter();
    let wired: Vec<&Host> = wired
        .filter_map(|(name, _)| context.fleet.hosts.get(name))
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
                .fold(finding(context, module, &hosts), Diagnostic::help)
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

fn finding(context: &Context<'_>, module: &str, hosts: &[&Host]) -> Diagnostic {
    let names: Vec<String> = hosts
        .iter()
        .map(|host| format!("`{}`", host.name))
        .collect();
    let message = format!("{} share the module `{module}`", names.join(" and "));
    let finding = error(message).about(module);
    hosts.iter().fold(finding, |finding, host| {
        let keys = ["hosts", host.name.as_str(), "module"];
        context.in_inventory(finding, &keys, &host.range, "")
    })
}
