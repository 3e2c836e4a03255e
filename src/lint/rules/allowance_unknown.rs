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
//! Write the name in the brackets after `error` or `warning`;
//! `larder lint --list` shows all.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::AllowanceContext;
use crate::lint::rule::Definition;
use crate::lint::unknown_rule::UnknownRule;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Allowance(unknown)],
    evaluated_half: &[],
};

fn unknown(context: &AllowanceContext<'_>) -> Vec<Violation> {
    let unknown = context.unknown.as_ref();
    let violation = |unknown: &UnknownRule| {
        let violation = context.violation(unknown.message());
        violation.help(unknown.help())
    };
    unknown.map(violation).into_iter().collect()
}
