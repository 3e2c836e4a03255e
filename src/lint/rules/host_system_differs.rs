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

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::HostContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Host(differs)],
    evaluated_half: &[],
};

fn differs(host: &HostContext<'_>) -> Vec<Violation> {
    let entry = host.context.in_flake(&host.name);
    let theirs = entry.and_then(|entry| entry.system.as_deref());
    let (Some(ours), Some(theirs)) = (host.system, theirs) else {
        return Vec::new();
    };
    if ours.as_str() == theirs {
        return Vec::new();
    }
    let message = format!("the flake has another platform for `{}`", host.name);
    let note = format!("the flake says `{theirs}`");
    let violation = Violation::new(Subject::host(host), message)
        .at_key_of_host(host.context.fleet, host, "system", note)
        .help(format!("write `system = \"{theirs}\"`"));
    vec![violation]
}
