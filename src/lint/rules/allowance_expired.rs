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

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::AllowanceContext;
use crate::lint::finding::warning;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Allowance(check);

fn check(context: &AllowanceContext<'_>) -> Vec<Diagnostic> {
    let expired = context.allowance.expires.filter(|_| context.is_expired);
    let rule = &context.allowance.rule;
    expired
        .map(|day| {
            let finding = warning(format!("this allowance of `{rule}` expired on {day}"));
            context
                .at_it(finding)
                .help("delete it, or give it another day")
        })
        .into_iter()
        .collect()
}
