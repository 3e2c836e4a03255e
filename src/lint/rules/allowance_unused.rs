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

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::AllowanceContext;
use crate::lint::finding::warning;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Allowance(check);

fn check(context: &AllowanceContext<'_>) -> Vec<Diagnostic> {
    if context.is_used || context.is_expired || !context.is_known() {
        return Vec::new();
    }
    let rule = &context.allowance.rule;
    let finding = warning(format!("nothing matches this allowance of `{rule}`"));
    vec![
        context
            .at_it(finding)
            .help("delete it, or correct its `at`"),
    ]
}
