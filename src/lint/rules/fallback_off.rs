//! A client does not build what its cache cannot give.
//!
//! ## Why is this bad
//! Nix believes that a substituter has what it once said it has, and its default
//! is `fallback = false`. When the cache is off, a build fails that this machine
//! could have made itself.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = [ "ssh://nix-ssh@kalaw" ];
//! # and no nix.settings.fallback = true
//! ```
//!
//! ## What to do
//! Write `nix.settings.fallback = true;` (owned modules do, unless a module of
//! your own says `false`).

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::LinkContext;
use crate::lint::finding::{at, error, gap};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Link(check);

fn check(link: &LinkContext<'_>) -> Vec<Diagnostic> {
    let Some(machine) = link.machine() else {
        return Vec::new();
    };
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("builds on `{client}` fail while `{cache}` is off");
    let help = "write `nix.settings.fallback = true;`";
    let finding = match machine.nix_flag("nix.settings.fallback") {
        Some((false, spot)) => {
            let finding = error(message).about(link.subject());
            Some(at(
                finding,
                &spot,
                "nothing is built in place of what cannot be fetched",
            ))
        }
        None if link.is_adopted() => Some(gap(link, message, "Nix does not fall back to building")),
        _ => None,
    };
    finding
        .map(|finding| finding.help(help))
        .into_iter()
        .collect()
}
