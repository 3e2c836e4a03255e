//! Only what is new: the ratchet by which lint comes into an old repository.

use std::collections::HashMap;

use crate::lint::finding::Finding;
use crate::lint::rule::RuleId;
use crate::lint::subject::Subject;

/// The findings that were not there before, compared by fingerprint: a finding
/// that has moved is not new, a second one like it is.
pub fn new_since(before: &[Finding], mut now: Vec<Finding>) -> Vec<Finding> {
    let mut known: HashMap<(RuleId, Subject), usize> = HashMap::new();
    for finding in before {
        *known.entry(identity(finding)).or_default() += 1;
    }
    now.retain(|finding| match known.get_mut(&identity(finding)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    });
    now
}

fn identity(finding: &Finding) -> (RuleId, Subject) {
    let (rule, subject) = finding.fingerprint();
    (rule, subject.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::rules::RULES;
    use crate::lint::violation::Violation;

    fn about(file: &str) -> Finding {
        Finding::new(&RULES[0], Violation::new(Subject::file(file), "message"))
    }

    #[test]
    fn what_was_there_is_not_new_wherever_it_is_now() {
        let now = vec![about("pai"), about("kalaw")];
        let new = new_since(&[about("pai")], now);
        assert_eq!(new, [about("kalaw")]);
    }

    #[test]
    fn a_second_one_of_the_same_is_new() {
        let new = new_since(&[about("pai")], vec![about("pai"), about("pai")]);
        assert_eq!(new.len(), 1);
    }
}
