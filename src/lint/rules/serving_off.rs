//! The host of a cache does not serve.
//!
//! ## Why is this bad
//! `nix.sshServe`, sshd or Nix itself is turned off in one of its modules: every
//! login of its clients fails.
//!
//! ## Example
//! ```nix
//! # on kalaw, a cache
//! services.openssh.enable = lib.mkForce false;
//! ```
//!
//! ## What to do
//! Delete the line, or run `larder remove-cache`.

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::Cache;
use crate::lint::context::Context;
use crate::lint::finding::{at, error};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Fleet(check);

const SWITCHES: &[&str] = &[
    "nix.enable",
    "nix.sshServe.enable",
    "services.openssh.enable",
];

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let caches = context.caches();
    caches.flat_map(|cache| of_cache(context, cache)).collect()
}

fn of_cache(context: &Context<'_>, cache: &Cache) -> Vec<Diagnostic> {
    let Some(machine) = context.machine(context.fleet.server(cache)) else {
        return Vec::new();
    };
    let name = &cache.host;
    let told = SWITCHES
        .iter()
        .filter_map(|switch| Some((switch, machine.flag(switch)?)));
    told.filter(|(_, (on, hit))| !on && !hit.conditional)
        .map(|(switch, (_, hit))| {
            let finding = error(format!(
                "the cache `{name}` does not serve: `{switch}` is off"
            ))
            .help(format!(
                "delete the line, or run `larder remove-cache {name}`"
            ))
            .about(format!("{name} {switch}"));
            at(finding, &hit.spot, "")
        })
        .collect()
}
