//! Clients may write into a cache's store.
//!
//! ## Why is this bad
//! `nix.sshServe.write` lets everyone who holds a client's key add paths and ask
//! for builds, and `nix.sshServe.trusted` lets them import unsigned ones: one lost
//! laptop, and all machines that trust the cache are lost.
//!
//! ## Example
//! ```nix
//! nix.sshServe = { enable = true; write = true; keys = [ … ]; };
//! ```
//!
//! ## What to do
//! Delete the line. Fetching does not need it. (A machine that builds for others
//! needs it, and is better not one that everybody fetches from.)

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::{Cache, Protocol};
use crate::lint::context::Context;
use crate::lint::finding::{at, warning};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Fleet(check);

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let caches = context.caches();
    caches.flat_map(|cache| of_cache(context, cache)).collect()
}

fn of_cache(context: &Context<'_>, cache: &Cache) -> Vec<Diagnostic> {
    let Some(machine) = context.machine(context.fleet.server(cache)) else {
        return Vec::new();
    };
    let name = &cache.host;
    let told = fields(cache.protocol).iter().filter_map(|field| {
        let (on, hit) = machine.flag(&format!("nix.sshServe.{field}"))?;
        let finding = warning(format!("clients may write into the cache `{name}`"))
            .help(format!(
                "delete `{field} = true;`: fetching does not need it"
            ))
            .about(format!("{name} {field}"));
        on.then(|| at(finding, &hit.spot, ""))
    });
    told.collect()
}

/// With `ssh-ng` everyone who may log in may write, and the option says nothing.
fn fields(protocol: Protocol) -> &'static [&'static str] {
    match protocol {
        Protocol::Ssh => &["write", "trusted"],
        Protocol::SshNg => &["trusted"],
    }
}
