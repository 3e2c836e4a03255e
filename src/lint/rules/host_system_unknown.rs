//! The flake gives a host a platform that looks like a typo.
//!
//! ## Why is this bad
//! Nix takes any text for a platform and fails much later, in words that do not
//! name the line.
//!
//! ## Example
//! ```nix
//! pai = nixosSystem { system = "x86_64-linx"; modules = [ ./pai.nix ]; };
//! ```
//!
//! ## What to do
//! Write the platform's name: `x86_64-linux`, `aarch64-linux`.

use crate::diagnostic::Severity;
use crate::fleet::{System, nearest};
use crate::lint::check::StaticCheck;
use crate::lint::context::HostContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Host(unknown)],
    evaluated_half: &[],
};

/// Linux platforms that nixpkgs names beside those that people run `NixOS` on
/// (`lib/systems/doubles.nix`).
const OTHERS: &[&str] = &[
    "armv5tel-linux",
    "armv7a-linux",
    "m68k-linux",
    "microblaze-linux",
    "microblazeel-linux",
    "mips-linux",
    "mips64-linux",
    "mips64el-linux",
    "mipsel-linux",
    "powerpc64-linux",
    "riscv32-linux",
    "s390-linux",
];

/// What is near to no known platform is somebody's own word, and left alone.
fn unknown(host: &HostContext<'_>) -> Vec<Violation> {
    let entry = host.context.in_flake(&host.name);
    let unknown = entry
        .and_then(|entry| entry.system.as_deref())
        .filter(|system| system.parse::<System>().is_err() && !OTHERS.contains(system));
    let violation = unknown.and_then(|system| {
        let meant = nearest(system, System::ALL.map(System::as_str))?;
        let message = format!(
            "the flake builds `{}` for `{system}`, which is no platform",
            host.name
        );
        let violation = Violation::new(Subject::host(host), message)
            .at_host(host.context.fleet, host)
            .help(format!("write `system = \"{meant}\"` in the flake"));
        Some(violation)
    });
    violation.into_iter().collect()
}
