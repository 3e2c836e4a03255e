//! An allowance that no finding matches any more.
//!
//! ## Why is this bad
//! What it excused is gone, or its `at` is misspelt. Left in place it will excuse
//! the next mistake of that kind, which nobody has looked at.
//!
//! ## Example
//! ```toml
//! [[lint.allow]]
//! rule = "fallback-off"
//! at = "pay"              # the host is called pai
//! reason = "it never leaves the rack"
//! ```
//!
//! ## What to do
//! Delete it, or correct `at`.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::AllowanceContext;
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Allowance(unused)],
    evaluated_half: &[],
};

fn unused(context: &AllowanceContext<'_>) -> Vec<Violation> {
    if context.is_used || context.is_expired || context.unknown.is_some() {
        return Vec::new();
    }
    let rule = &context.allowance.rule;
    let violation = context.violation(format!("nothing matches this allowance of `{rule}`"));
    vec![violation.help("delete it, or correct its `at`")]
}
