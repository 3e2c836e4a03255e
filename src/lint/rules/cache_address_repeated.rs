//! A cache has the address and port of another host.
//!
//! ## Why is this bad
//! Only one of the two answers there. If it is not the cache, its clients pin a key that
//! they never meet, and every login fails.
//!
//! ## Example
//! ```toml
//! [hosts.kalaw]                # a cache
//! address = "192.168.1.5"
//! [hosts.pai]
//! address = "192.168.1.5"
//! ```
//!
//! ## What to do
//! Correct one of the two. Behind one router, give each its `port`.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::Context;
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Fleet(repeated)],
    evaluated_half: &[],
};

fn repeated(context: &Context<'_>) -> Vec<Violation> {
    let fleet = context.fleet;
    let pairs = context.repeated_addresses();
    pairs
        .filter(|pair| pair.serves(fleet))
        .map(|pair| pair.violation(fleet))
        .collect()
}
