//! Findings in the order in which people read files.

use crate::diagnostic::Diagnostic;

/// By file and place; those without a place first. Equal places keep the order
/// of the rules.
pub(super) fn by_place(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings.sort_by(|a, b| place(a).cmp(&place(b)));
    findings
}

fn place(finding: &Diagnostic) -> Option<(&str, usize)> {
    let label = finding.labels.first()?;
    Some((&label.source.path, label.range.start))
}
