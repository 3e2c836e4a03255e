//! A substituter is believed without signatures.
//!
//! ## Why is this bad
//! `?trusted=true` makes the client take any path from this store, signed or not:
//! whoever controls the cache, or answers in its place, controls the client.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = [ "ssh://nix-ssh@kalaw?trusted=true" ];
//! ```
//!
//! ## What to do
//! Take `trusted=true` out, let the cache sign, and trust its key.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::NixContext;
use crate::lint::finding::{at, warning};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Nix(check);

fn check(nix: &NixContext<'_>) -> Vec<Diagnostic> {
    let all = nix.machine.substituters().into_iter();
    let trusted = all.filter(|one| is_trusted(&one.word.text));
    trusted
        .map(|one| {
            let store = one.word.text.split('?').next().unwrap_or_default();
            let finding = warning(format!("what `{store}` sends is taken without a signature"))
                .help("take `trusted=true` out, let the cache sign, and trust its key")
                .about(format!("{} {store}", nix.source.path));
            at(finding, &one.word.spot, "believed whatever it sends")
        })
        .collect()
}

/// Stores of any kind take the parameter.
fn is_trusted(url: &str) -> bool {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    query
        .split('&')
        .any(|one| matches!(one, "trusted=true" | "trusted=1"))
}
