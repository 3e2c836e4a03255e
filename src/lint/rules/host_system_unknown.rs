//! The flake gives a host a platform that looks like a slip of the pen.
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

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::{System, nearest};
use crate::lint::context::HostContext;
use crate::lint::finding::warning;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Host(check);

fn check(host: &HostContext<'_>) -> Vec<Diagnostic> {
    unknown(host).into_iter().collect()
}

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
fn unknown(host: &HostContext<'_>) -> Option<Diagnostic> {
    let name = &host.host.name;
    let found = host.context.found(name)?.system.as_deref()?;
    if found.parse::<System>().is_ok() || OTHERS.contains(&found) {
        return None;
    }
    let known = System::ALL.map(System::as_str);
    let meant = nearest(found, known)?;
    let finding = warning(format!(
        "the flake builds `{name}` for `{found}`, which is no platform"
    ))
    .help(format!("write `system = \"{meant}\"` in the flake"))
    .about(name.as_str());
    Some(host.context.at_host(finding, host.host))
}
