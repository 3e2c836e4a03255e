//! A host of the inventory that the flake does not define.
//!
//! ## Why is this bad
//! What the inventory says about the host reaches no machine. If it is a client,
//! its cache keeps a door open for a key that nobody uses any more.
//!
//! ## Example
//! ```toml
//! [hosts.kalau]    # the flake says `nixosConfigurations.kalaw`
//! ```
//!
//! ## What to do
//! Correct the name, define the host in the flake, or run `larder remove-host`.

use crate::diagnostic::Severity;
use crate::fleet::Host;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::HostContext;
use crate::lint::evaluated::{Answer, HostAnswer};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Host(in_files)],
    evaluated_half: &[EvaluatedCheck::Answer(evaluated)],
};

/// Where larder reads a part of the flake only, the host may be in the rest:
/// `host-not-seen`.
fn in_files(host: &HostContext<'_>) -> Vec<Violation> {
    if !host.is_missing_in_flake() || !host.context.flake.notes.is_empty() {
        return Vec::new();
    }
    let violation = Violation::new(Subject::host(host), message(host));
    vec![helped(violation.at_host(host.context.fleet, host), host)]
}

fn evaluated(host: &HostAnswer<'_>) -> Verdict {
    match host.answer {
        Answer::Absent if !host.nixos => Verdict::decided(None),
        Answer::Absent => Verdict::decided([helped(host.violation(message(host)), host)]),
        Answer::Settings(_) => Verdict::decided(None),
        Answer::Failed { .. } => Verdict::Open,
    }
}

fn message(host: &Host) -> String {
    format!("the flake defines no host `{}`", host.name)
}

fn helped(violation: Violation, host: &HostContext<'_>) -> Violation {
    let name = &host.name;
    let violation = match host.nearest_in_flake() {
        Some(near) => violation.help(format!("did you mean `{near}`?")),
        None => violation,
    };
    violation.help(format!(
        "run `larder remove-host {name}`, or define `nixosConfigurations.{name}` in the flake"
    ))
}
