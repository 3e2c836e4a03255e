//! A list of nix.conf under `mkDefault`, which is always lost.
//!
//! ## Why is this bad
//! NixOS itself defines `nix.settings.substituters` and `trusted-public-keys` (with
//! cache.nixos.org), and a plain definition beats `mkDefault`: the list is dropped
//! as a whole, silently. Lists merge; they need no default.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = lib.mkDefault [ "https://cache.example.org" ];
//! ```
//!
//! ## What to do
//! Write it without `mkDefault`.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::NixContext;
use crate::lint::finding::{at, error};
use crate::lint::rule::Check;
use crate::survey::Strength;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Nix(check);

fn check(nix: &NixContext<'_>) -> Vec<Diagnostic> {
    let names = ["substituters", "trusted-public-keys"].into_iter();
    names
        .flat_map(|name| {
            let all = nix.machine.all(&format!("nix.settings.{name}")).into_iter();
            let lost = all.filter(|hit| hit.strength == Strength::Default);
            lost.map(move |hit| (name, hit))
        })
        .map(|(name, hit)| {
            let finding = error(format!("this list never reaches `{name}`"))
                .help("write it without `mkDefault`: lists merge")
                .about(format!("{} {name}", nix.source.path));
            at(
                finding,
                &hit.spot,
                "lost to the plain definition in NixOS itself",
            )
        })
        .collect()
}
