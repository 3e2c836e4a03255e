//! A host of the inventory that larder does not find in the part of the flake it reads.
//!
//! ## Why is this bad
//! If the flake does not define the host, what the inventory says about it reaches no
//! machine. Some flakes compute their hosts in ways that larder does not follow.
//!
//! ## Example
//! ```nix
//! nixosConfigurations = builtins.mapAttrs (name: _: …) inputs.fleet.hosts;
//! ```
//!
//! ## What to do
//! Correct the name, or let Nix say which hosts there are: `larder lint --eval`. If the
//! host is there, allow the finding: `[[lint.allow]]` in `larder.toml`.

use crate::diagnostic::Severity;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::HostContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

// Whether there is such a host is `host-not-in-flake`'s to say, once Nix has answered.
pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Host(in_files)],
    evaluated_half: &[EvaluatedCheck::HostSuperseded],
};

fn in_files(host: &HostContext<'_>) -> Vec<Violation> {
    if !host.is_missing_in_flake() || host.context.flake.notes.is_empty() {
        return Vec::new();
    }
    let name = &host.name;
    let message = format!("larder finds no host `{name}` in the flake, and cannot read all of it");
    let help = match host.nearest_in_flake() {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("`larder lint --eval --host {name}` lets Nix decide"),
    };
    let violation = Violation::new(Subject::host(host), message);
    vec![violation.at_host(host.context.fleet, host).help(help)]
}
