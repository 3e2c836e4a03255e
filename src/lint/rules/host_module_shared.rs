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
//! Give each host a file of its own, or write `import = "common.nix"` at the top
//! of `larder.toml`: one import there, which picks the host by its name.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::Host;
use crate::lint::context::Context;
use crate::lint::finding::error;
use crate::lint::rule::Check;
use crate::wiring;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Fleet(check);

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    if context.fleet.import.is_some() {
        return Vec::new();
    }
    let mut sharing: BTreeMap<(&str, Option<&str>), Vec<&Host>> = BTreeMap::new();
    let wired = wiring::imports(context.fleet).into_iter();
    for host in wired.filter_map(|(name, _)| context.fleet.hosts.get(&name)) {
        if let Some(module) = &host.module {
            let place = (module.as_str(), host.within.as_deref());
            sharing.entry(place).or_default().push(host);
        }
    }
    let shared = sharing.into_iter().filter(|(_, hosts)| hosts.len() > 1);
    shared
        .map(|((module, _), hosts)| finding(context, module, &hosts))
        .collect()
}

fn finding(context: &Context<'_>, module: &str, hosts: &[&Host]) -> Diagnostic {
    let names: Vec<String> = hosts
        .iter()
        .map(|host| format!("`{}`", host.name))
        .collect();
    let message = format!("{} share the module `{module}`", names.join(" and "));
    let finding = error(message)
        .help(format!(
            "write `import = \"{module}\"` at the top of `larder.toml`"
        ))
        .about(module);
    hosts.iter().fold(finding, |finding, host| {
        let keys = ["hosts", host.name.as_str(), "module"];
        context.in_inventory(finding, &keys, &host.range, "")
    })
}
