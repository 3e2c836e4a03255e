//! An allowance of the inventory.

use crate::fleet::{Allowance, Fleet};
use crate::lint::subject::Subject;
use crate::lint::unknown_rule::UnknownRule;
use crate::lint::violation::Violation;

/// One allowance, after the findings have been held against it.
pub(in crate::lint) struct AllowanceContext<'a> {
    pub(in crate::lint) fleet: &'a Fleet,
    pub(in crate::lint) allowance: &'a Allowance,
    /// There is no rule of its name.
    pub(in crate::lint) unknown: Option<UnknownRule>,
    /// Its last day has passed.
    pub(in crate::lint) is_expired: bool,
    /// It covers a finding.
    pub(in crate::lint) is_used: bool,
}

impl AllowanceContext<'_> {
    /// A violation that points at it.
    pub(in crate::lint) fn violation(&self, message: impl Into<String>) -> Violation {
        let subject = Subject::allowance(self.allowance);
        let range = self.allowance.range.clone();
        Violation::new(subject, message).at(&self.fleet.source, range, "")
    }
}
