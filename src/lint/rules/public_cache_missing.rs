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

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::HostContext;
use crate::lint::finding::{at, warning};
use crate::lint::rule::Check;
use crate::survey::Strength;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Host(check);

fn check(host: &HostContext<'_>) -> Vec<Diagnostic> {
    only_private(host).into_iter().collect()
}

fn only_private(host: &HostContext<'_>) -> Option<Diagnostic> {
    let machine = host.machine()?;
    let forced: Vec<_> = machine
        .substituters()
        .into_iter()
        .filter(|one| one.word.strength == Strength::Force)
        .collect();
    let first = forced.first()?;
    let private = forced.iter().all(|one| one.store.is_some());
    if !private || machine.is_hidden("nix.settings.substituters") {
        return None;
    }
    let name = &host.host.name;
    let finding = warning(format!("`{name}` has no public cache left"))
        .help("take `mkForce` away, or add `\"https://cache.nixos.org\"`")
        .about(name.as_str());
    Some(at(
        finding,
        &first.word.spot,
        "only private caches are asked",
    ))
}
