//! The inventory and the flake name different platforms for a host.
//!
//! ## Why is this bad
//! A cache of another platform has nothing that the host could use; whoever reads
//! the inventory plans with the wrong machine.
//!
//! ## Example
//! ```toml
//! [hosts.pi]
//! system = "x86_64-linux"    # the flake says aarch64-linux
//! ```
//!
//! ## What to do
//! Correct `system` in `larder.toml`, or leave it out: nothing needs it.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::HostContext;
use crate::lint::finding::warning;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Host(check);

fn check(host: &HostContext<'_>) -> Vec<Diagnostic> {
    let name = &host.host.name;
    let found = host
        .context
        .found(name)
        .and_then(|found| found.system.as_deref());
    let (Some(ours), Some(theirs)) = (host.host.system, found) else {
        return Vec::new();
    };
    if ours.as_str() == theirs {
        return Vec::new();
    }
    let finding = warning(format!("the flake has another platform for `{name}`"))
        .help(format!("write `system = \"{theirs}\"`"))
        .about(name.as_str());
    let keys = ["hosts", name.as_str(), "system"];
    let note = format!("the flake says `{theirs}`");
    vec![
        host.context
            .in_inventory(finding, &keys, &host.host.range, note),
    ]
}
