//! An allowance of a rule that does not exist.
//!
//! ## Why is this bad
//! It allows nothing: the finding that it is meant for is still reported.
//!
//! ## Example
//! ```toml
//! [[lint.allow]]
//! rule = "fallback-of"
//! reason = "it never leaves the rack"
//! ```
//!
//! ## What to do
//! Write the name that stands in brackets behind `error` or `warning`;
//! `larder lint --list` shows all.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::AllowanceContext;
use crate::lint::no_rule;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Allowance(check);

fn check(context: &AllowanceContext<'_>) -> Vec<Diagnostic> {
    if context.is_known() {
        return Vec::new();
    }
    vec![context.at_it(no_rule(&context.allowance.rule))]
}
