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
use crate::lint::eval::{Answer, Answered, at_host};
use crate::lint::finding::error;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Answer(check);

fn check(answered: &Answered<'_>) -> Vec<Diagnostic> {
    let name = &answered.host.name;
    let Answer::Failed(why) = answered.answer else {
        return Vec::new();
    };
    let finding = failed(name.as_str(), why).about(name.as_str());
    vec![at_host(finding, answered.fleet, answered.host)]
}

fn failed(name: &str, why: &Diagnostic) -> Diagnostic {
    let finding = error(format!("`{name}` is not evaluated: {}", why.message));
    let finding = why.help.iter().fold(finding, Diagnostic::help);
    if why.code != "nix-failed" {
        return finding;
    }
    finding.help(format!(
        "all of it: `nix eval .#nixosConfigurations.{name}.config.system.build.toplevel --show-trace`"
    ))
}
