//! Two caches of the inventory have one signing key.
//!
//! ## Why is this bad
//! One key on two machines is one that must be taken from both when either is lost. It
//! happens when a line is copied.
//!
//! ## Example
//! ```toml
//! [caches.kalaw]
//! signing-key = "kalaw-1:6NCHdD59…"
//! [caches.bagan]
//! signing-key = "bagan-1:6NCHdD59…"
//! ```
//!
//! ## What to do
//! Make a key on one of the machines whose name begins with the machine's
//! (`nix-store --generate-binary-cache-key NAME-1 SECRET PUBLIC`), and run `larder
//! keys set HOST --signing-key --replace KEY`.

use crate::diagnostic::Severity;
use crate::fleet::{Cache, Fleet};
use crate::key::SigningPublicKey;
use crate::lint::check::StaticCheck;
use crate::lint::context::Context;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Fleet(repeated)],
    evaluated_half: &[],
};

fn repeated(context: &Context<'_>) -> Vec<Violation> {
    let fleet = context.fleet;
    let pairs = pairs(fleet, SigningPublicKey::is_same_key);
    pairs
        .into_iter()
        .map(|(first, second)| {
            let (one, two) = (&first.host, &second.host);
            let message = format!("`{one}` and `{two}` sign with the same key");
            violation(fleet, first, second, message)
        })
        .collect()
}

/// Every cache whose key is like that of one before it, with the first such.
pub(super) fn pairs(
    fleet: &Fleet,
    is_like: impl Fn(&SigningPublicKey, &SigningPublicKey) -> bool,
) -> Vec<(&Cache, &Cache)> {
    let caches = fleet.caches.values();
    let mut known: Vec<(&Cache, &SigningPublicKey)> = Vec::new();
    let mut pairs = Vec::new();
    for (cache, key) in caches.filter_map(|cache| Some((cache, cache.signing_key.known()?))) {
        let like = known.iter().find(|(_, other)| is_like(other, key));
        pairs.extend(like.map(|(first, _)| (*first, cache)));
        known.push((cache, key));
    }
    pairs
}

/// Points at the keys of both.
pub(super) fn violation(
    fleet: &Fleet,
    first: &Cache,
    second: &Cache,
    message: String,
) -> Violation {
    let two = &second.host;
    Violation::new(Subject::caches(first, second), message)
        .at_key_of_cache(fleet, second, "signing-key", "again here")
        .at_key_of_cache(fleet, first, "signing-key", "first here")
        .help(format!(
            "make a new key on `{two}` whose name begins with `{two}`, and run `larder keys set {two} --signing-key --replace KEY`"
        ))
}
