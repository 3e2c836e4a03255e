//! Asking the static checks of all rules.

use crate::lint::check::StaticCheck;
use crate::lint::finding::Finding;
use crate::lint::rule::Rule;
use crate::lint::rules::RULES;
use crate::lint::violation::Violation;

/// What the checks find that `ask` asks, in the order of the rules.
pub(in crate::lint) fn findings(ask: impl Fn(&StaticCheck) -> Vec<Violation>) -> Vec<Finding> {
    let mut found = Vec::new();
    for rule in RULES {
        found.extend(findings_of(rule, &ask));
    }
    found
}

/// The same of one rule.
pub(in crate::lint) fn findings_of(
    rule: &'static Rule,
    ask: impl Fn(&StaticCheck) -> Vec<Violation>,
) -> impl Iterator<Item = Finding> {
    let checks = rule.static_half().iter();
    let violations = checks.flat_map(ask);
    violations.map(move |violation| Finding::new(rule, violation))
}
