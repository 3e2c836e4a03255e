//! The signing keys of two caches of the inventory have one name.
//!
//! ## Why is this bad
//! Nix looks the key of a signature up by its name and keeps the first of a name: of
//! two keys with one name the second is trusted nowhere, and all that it signed is
//! built again.
//!
//! ## Example
//! ```toml
//! [caches.kalaw]
//! signing-key = "cache-1:6NCHdD59…"
//! [caches.bagan]
//! signing-key = "cache-1:Vq0C5hJk…"
//! ```
//!
//! ## What to do
//! Make a key on one of the machines whose name begins with the machine's
//! (`nix-store --generate-binary-cache-key NAME-1 SECRET PUBLIC`), and run `larder
//! keys set HOST --signing-key --replace KEY`.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::Context;
use crate::lint::rule::Definition;
use crate::lint::rules::signing_key_repeated::{pairs, violation};
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Fleet(repeated)],
    evaluated_half: &[],
};

/// One key under one name is `signing-key-repeated`'s.
fn repeated(context: &Context<'_>) -> Vec<Violation> {
    let fleet = context.fleet;
    let pairs = pairs(fleet, |one, two| {
        one.name() == two.name() && !one.is_same_key(two)
    });
    pairs
        .into_iter()
        .map(|(first, second)| {
            let (one, two) = (&first.host, &second.host);
            let message = format!("the signing keys of `{one}` and `{two}` have the same name");
            violation(fleet, first, second, message)
        })
        .collect()
}
