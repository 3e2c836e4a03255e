//! Findings in the order in which people read files.

use crate::lint::finding::Finding;

/// By file and place; those without a place first. Equal places keep the order
/// of the rules.
pub(super) fn by_place(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| place(a).cmp(&place(b)));
    findings
}

fn place(finding: &Finding) -> Option<(&str, usize)> {
    let label = finding.diagnostic().labels.first()?;
    Some((&label.source.path, label.range.start))
}
