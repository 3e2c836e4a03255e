//! An allowance whose last day has passed.
//!
//! ## Why is this bad
//! It excuses nothing any more: what it allowed is reported again. Somebody wanted
//! to look at it by then.
//!
//! ## Example
//! ```toml
//! [[lint.allow]]
//! rule = "cache-unsigned"
//! reason = "until the new server is there"
//! expires = "2024-03-31"
//! ```
//!
//! ## What to do
//! Correct what it allowed and delete it; or give it another day.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::AllowanceContext;
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Allowance(expired)],
    evaluated_half: &[],
};

fn expired(context: &AllowanceContext<'_>) -> Vec<Violation> {
    let expired = context.allowance.expires.filter(|_| context.is_expired);
    let rule = &context.allowance.rule;
    let violation = |day| {
        context
            .violation(format!("this allowance of `{rule}` expired on {day}"))
            .help("delete it, or give it another day")
    };
    expired.map(violation).into_iter().collect()
}
