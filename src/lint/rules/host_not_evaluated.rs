//! Nix could not say what a host's settings are.
//!
//! ## Why is this bad
//! `larder lint --eval` compares the inventory with what the modules really come
//! to. Of this host it knows no more than the files show; and a host that does not
//! evaluate cannot be rebuilt either.
//!
//! ## Example
//! ```nix
//! services.openssh.enabled = true;    # The option `services.openssh.enabled' does not exist
//! ```
//!
//! ## What to do
//! Correct what Nix complains of. Where it was too slow or too large, allow it more:
//! `--eval-timeout`, `--eval-memory`.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::check::EvaluatedCheck;
use crate::lint::evaluated::{Answer, HostAnswer};
use crate::lint::rule::Definition;
use crate::lint::violation::{Verdict, Violation};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[],
    evaluated_half: &[EvaluatedCheck::Answer(evaluated)],
};

fn evaluated(host: &HostAnswer<'_>) -> Verdict {
    match host.answer {
        Answer::Failed { why, has_trace } => Verdict::decided([failed(host, why, *has_trace)]),
        Answer::Settings(_) | Answer::Absent => Verdict::decided(None),
    }
}

fn failed(host: &HostAnswer<'_>, why: &Diagnostic, has_trace: bool) -> Violation {
    let name = &host.name;
    let violation = host.violation(format!("`{name}` is not evaluated: {}", why.message));
    let violation = why.help.iter().fold(violation, Violation::help);
    if !has_trace {
        return violation;
    }
    violation.help(format!(
        "all of it: `nix eval .#nixosConfigurations.{name}.config.system.build.toplevel --show-trace`"
    ))
}
