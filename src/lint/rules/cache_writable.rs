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
//! Delete the line. Fetching does not need it.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::NixContext;
use crate::lint::finding::{at, warning};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Nix(check);

fn check(nix: &NixContext<'_>) -> Vec<Diagnostic> {
    let told = ["write", "trusted"].into_iter();
    told.filter_map(|field| {
        let (on, hit) = nix.machine.flag(&format!("nix.sshServe.{field}"))?;
        let finding = warning("clients may write into this cache")
            .help(format!(
                "delete `{field} = true;`: fetching does not need it"
            ))
            .about(format!("{} {field}", nix.source.path));
        on.then(|| at(finding, &hit.spot, ""))
    })
    .collect()
}
