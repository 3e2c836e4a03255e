//! Findings that the user allows, with a reason and maybe a last day.

use crate::diagnostic::Diagnostic;
use crate::fleet::{Allowance, Day, Fleet};
use crate::lint::context::AllowanceContext;
use crate::lint::rule::Check;
use crate::lint::rules::RULES;
use crate::lint::{named, order};

/// The findings without those that an allowance of the inventory covers, and with
/// what is wrong with the allowances themselves.
///
/// `today` decides which have expired; without it none has.
pub fn allowed(
    fleet: &Fleet,
    mut findings: Vec<Diagnostic>,
    today: Option<Day>,
) -> Vec<Diagnostic> {
    let mut about = Vec::new();
    for allowance in &fleet.allowances {
        let is_expired = allowance
            .expires
            .zip(today)
            .is_some_and(|(last, today)| last < today);
        let before = findings.len();
        if !is_expired {
            findings.retain(|finding| !covers(allowance, finding));
        }
        let context = AllowanceContext {
            fleet,
            allowance,
            is_expired,
            is_used: findings.len() < before,
        };
        about.extend(judged(&context));
    }
    findings.extend(about);
    order::by_place(findings)
}

fn judged(context: &AllowanceContext<'_>) -> Vec<Diagnostic> {
    let rules = RULES.iter();
    rules
        .flat_map(|rule| match rule.check {
            Check::Allowance(check) => named(rule, check(context)),
            _ => Vec::new(),
        })
        .collect()
}

fn covers(allowance: &Allowance, finding: &Diagnostic) -> bool {
    let here = |at: &String| is_about(finding, at) || is_at(finding, at);
    allowance.rule == finding.code && allowance.at.as_ref().is_none_or(here)
}

/// True if the finding is about this host, cache, file or folder.
fn is_about(finding: &Diagnostic, name: &str) -> bool {
    let mut parts = finding.subject.split(['>', ' ']);
    parts.any(|part| is_in(part, name))
}

/// True if the finding stands in this file, or in this folder.
fn is_at(finding: &Diagnostic, path: &str) -> bool {
    let mut labels = finding.labels.iter();
    labels.any(|label| is_in(&label.source.path, path))
}

fn is_in(path: &str, folder: &str) -> bool {
    let rest = path.strip_prefix(folder.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
