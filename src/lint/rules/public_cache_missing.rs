//! A host has no public cache left.
//!
//! ## Why is this bad
//! With only private caches among its substituters, everything that they lack is
//! built from source; and while they are off, everything is.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = lib.mkForce [ "ssh://nix-ssh@kalaw" ];
//! ```
//!
//! ## What to do
//! Take `mkForce` away (NixOS adds cache.nixos.org itself), or add
//! `"https://cache.nixos.org"`.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::HostContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::survey::Strength;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Host(only_private)],
    evaluated_half: &[],
};

fn only_private(host: &HostContext<'_>) -> Vec<Violation> {
    let Some(machine) = host.machine() else {
        return Vec::new();
    };
    let forced: Vec<_> = machine
        .substituters()
        .into_iter()
        .filter(|one| one.word.strength == Strength::Force)
        .collect();
    let is_private = forced.iter().all(|one| one.store.is_some());
    if !is_private || machine.is_hidden("nix.settings.substituters") {
        return Vec::new();
    }
    let violation = forced.first().map(|first| {
        let message = format!("`{}` has no public cache left", host.name);
        Violation::new(Subject::host(host), message)
            .at_spot(&first.word.spot, "only private caches are asked")
            .help("take `mkForce` away, or add `\"https://cache.nixos.org\"`")
    });
    violation.into_iter().collect()
}
