//! A client's Nix fetches nothing from any cache.
//!
//! ## Why is this bad
//! With `substitute = false` Nix builds everything itself: all of the wiring is in force, and
//! no cache is ever asked. Nothing warns.
//!
//! ## Example
//! ```nix
//! nix.settings.substitute = false;    # on a client
//! ```
//!
//! ## What to do
//! Delete the line, or add the host to the cache's `except`. For one build there is
//! `nix build --option substitute false`.

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

const HELP: &str = "delete the line, or add the host to the cache's `except`";

fn in_files(host: &HostContext<'_>) -> Vec<Violation> {
    let machine = host.machine().filter(|_| host.is_client());
    let flag = machine.and_then(|machine| machine.nix_flag("nix.settings.substitute"));
    let Some((false, spot)) = flag else {
        return Vec::new();
    };
    let violation = Violation::new(Subject::host(host), message(host));
    vec![violation.at_spot(&spot, "no cache is asked").help(HELP)]
}

fn evaluated(host: &EvaluatedHost<'_>) -> Verdict {
    let nix = &host.settings.nix;
    let is_off = host.is_client() && nix.enable && !nix.substitutes();
    let violation = is_off.then(|| host.violation(message(host)).help(HELP));
    Verdict::decided(violation)
}

fn message(host: &Host) -> String {
    format!("`{}` is a client, and its Nix fetches nothing", host.name)
}
