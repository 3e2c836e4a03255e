//! Two hosts of the inventory have the same address and port.
//!
//! ## Why is this bad
//! Only one of them answers there. Neither is a cache, so nothing fails yet; one of the
//! two lines is wrong all the same.
//!
//! ## Example
//! ```toml
//! [hosts.pai]
//! address = "192.168.1.5"
//! [hosts.thaton]
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
    severity: Severity::Warning,
    static_half: &[StaticCheck::Fleet(repeated)],
    evaluated_half: &[],
};

fn repeated(context: &Context<'_>) -> Vec<Violation> {
    let fleet = context.fleet;
    let pairs = context.repeated_addresses();
    pairs
        .filter(|pair| !pair.serves(fleet))
        .map(|pair| pair.violation(fleet))
        .collect()
}
