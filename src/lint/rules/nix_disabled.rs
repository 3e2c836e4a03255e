//! A client has `nix.enable = false`.
//!
//! ## Why is this bad
//! NixOS then writes no nix.conf: no substituter, no trusted key, nothing of the
//! wiring arrives, and nothing warns.
//!
//! ## Example
//! ```nix
//! nix.enable = false;    # on a client
//! ```
//!
//! ## What to do
//! Delete the line, or take the host out of the cache's `clients`. With Determinate Nix, use its
//! own module for NixOS, which hands the settings on: it does not need `nix.enable = false`.

use crate::diagnostic::Severity;
use crate::fleet::Host;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::HostContext;
use crate::lint::evaluated::EvaluatedHost;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Host(in_files)],
    evaluated_half: &[EvaluatedCheck::Host(evaluated)],
};

fn in_files(host: &HostContext<'_>) -> Vec<Violation> {
    let Some(machine) = host.machine().filter(|_| host.is_client()) else {
        return Vec::new();
    };
    let off = machine.flag("nix.enable").filter(|(on, _)| !on);
    off.map(|(_, hit)| {
        Violation::new(Subject::host(host), message(host))
            .at_spot(&hit.spot, "nothing of the wiring arrives")
            .help("delete the line, or add the host to the cache's `except`")
    })
    .into_iter()
    .collect()
}

fn evaluated(host: &EvaluatedHost<'_>) -> Verdict {
    let is_lost = host.is_client() && !host.settings.nix.enable;
    let violation = is_lost.then(|| {
        let violation = host.violation(message(host));
        violation.help("set `nix.enable = true;`, or add the host to the cache's `except`")
    });
    Verdict::decided(violation)
}

fn message(host: &Host) -> String {
    format!("`{}` is a client, and has no nix.conf", host.name)
}
