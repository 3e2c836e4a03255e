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

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::FileContext;
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;
use crate::survey::Strength;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::File(lost)],
    evaluated_half: &[],
};

const LISTS: &[&str] = &["substituters", "trusted-public-keys"];

fn lost(file: &FileContext<'_>) -> Vec<Violation> {
    LISTS
        .iter()
        .flat_map(|name| {
            let all = file.machine.all(&format!("nix.settings.{name}"));
            let lost = all
                .into_iter()
                .filter(|hit| hit.strength == Strength::Default);
            lost.map(move |hit| (*name, hit))
        })
        .map(|(name, hit)| {
            let message = format!("this list never reaches `{name}`");
            Violation::new(file.subject().part(name), message)
                .at_spot(&hit.spot, "lost to the plain definition in NixOS itself")
                .help("write it without `mkDefault`: lists merge")
        })
        .collect()
}
