//! `nix.extraOptions` replaces a list that other modules add to.
//!
//! ## Why is this bad
//! The text stands at the end of nix.conf, and the last line of a name wins:
//! `substituters = …` there drops every entry of `nix.settings.substituters`, of
//! all modules.
//!
//! ## Example
//! ```nix
//! nix.extraOptions = ''
//!   substituters = https://cache.example.org
//! '';
//! ```
//!
//! ## What to do
//! Write `nix.settings.substituters = [ … ];`, or `extra-substituters = …` in the
//! text.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::NixContext;
use crate::lint::finding::{at, warning};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Nix(check);

const LISTS: &[&str] = &["substituters", "trusted-public-keys"];

fn check(nix: &NixContext<'_>) -> Vec<Diagnostic> {
    let lines = nix.machine.nix_conf().into_iter();
    let replacing = lines.filter(|line| LISTS.contains(&line.name.as_str()));
    replacing
        .map(|line| {
            let name = &line.name;
            let finding = warning(format!("this replaces all of `nix.settings.{name}`"))
                .help(format!("write `nix.settings.{name} = [ … ];` instead"))
                .about(format!("{} {name}", nix.source.path));
            at(finding, &line.spot, "the last line of a name wins")
        })
        .collect()
}
