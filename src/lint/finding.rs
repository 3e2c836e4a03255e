//! A violation under its rule.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::rule::{Rule, RuleId};
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

/// What lint reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    rule: &'static Rule,
    subject: Subject,
    diagnostic: Diagnostic,
    is_conditional: bool,
}

impl Finding {
    /// What a check of this rule has reported.
    pub(super) fn new(rule: &'static Rule, violation: Violation) -> Self {
        let Violation {
            subject,
            diagnostic,
            is_conditional,
        } = violation;
        let severity = match rule.severity {
            Severity::Error if is_conditional => Severity::Warning,
            severity => severity,
        };
        let diagnostic = Diagnostic {
            code: rule.name(),
            severity,
            ..diagnostic
        };
        Self {
            rule,
            diagnostic: diagnostic.about(subject.to_string()),
            subject,
            is_conditional,
        }
    }

    /// True if it is one only if a condition holds, of which that is not known.
    pub(super) fn is_conditional(&self) -> bool {
        self.is_conditional
    }

    /// The rule that is not kept.
    pub fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// What it is about.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// As severe as its rule; a warning at most where it depends on a condition of which
    /// it is not known whether it holds.
    pub fn severity(&self) -> Severity {
        self.diagnostic.severity
    }

    /// What people read.
    pub fn diagnostic(&self) -> &Diagnostic {
        &self.diagnostic
    }

    /// Its identity: what stays when lines move.
    pub fn fingerprint(&self) -> (RuleId, &Subject) {
        (self.rule.id, &self.subject)
    }
}

impl From<Finding> for Diagnostic {
    fn from(finding: Finding) -> Self {
        finding.diagnostic
    }
}
