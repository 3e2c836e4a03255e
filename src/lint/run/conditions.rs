//! What becomes of findings in one file that depend on a condition: the machines that have
//! the file tell whether it holds.

use crate::lint::finding::Finding;
use crate::survey::Machine;

/// More machines than this are not asked: what they would say stays open.
const MACHINES: usize = 200;

/// The findings that are so on one machine at least, or may be. Where no machine is known to
/// have the file, they stay as they are.
pub(super) fn decided(
    found: Vec<Finding>,
    machines: impl FnOnce() -> Vec<Machine>,
    judged: impl Fn(&Machine) -> Vec<Finding>,
) -> Vec<Finding> {
    if !found.iter().any(Finding::is_conditional) {
        return found;
    }
    let machines = machines();
    if machines.is_empty() || machines.len() > MACHINES {
        return found;
    }
    let there: Vec<Finding> = machines.iter().flat_map(judged).collect();
    let decided = |one: Finding| {
        if !one.is_conditional() {
            return Some(one);
        }
        let same = there.iter().filter(|other| is_same(&one, other));
        same.min_by_key(|other| other.is_conditional()).cloned()
    };
    found.into_iter().filter_map(decided).collect()
}

/// True for the same finding, with the condition decided or not.
fn is_same(one: &Finding, other: &Finding) -> bool {
    let place = |finding: &Finding| {
        let labels = &finding.diagnostic().labels;
        labels.first().map(|label| label.range.clone())
    };
    one.fingerprint() == other.fingerprint() && place(one) == place(other)
}
