//! Findings that the user allows, with a reason and maybe a last day.

use crate::fleet::{Allowance, Day, Fleet};
use crate::lint::check::StaticCheck;
use crate::lint::context::AllowanceContext;
use crate::lint::finding::Finding;
use crate::lint::order;
use crate::lint::rule::RuleId;
use crate::lint::rules;
use crate::lint::run::ask::findings;
use crate::lint::subject::is_within;

/// The findings without those that an allowance of the inventory covers, and with
/// what is wrong with the allowances themselves.
///
/// `today` decides which have expired; without it none has.
pub fn allowed(fleet: &Fleet, mut found: Vec<Finding>, today: Option<Day>) -> Vec<Finding> {
    let mut about = Vec::new();
    for allowance in &fleet.allowances {
        let rule = rules::find(&allowance.rule).map(|rule| rule.id);
        let is_expired = is_expired(allowance, today);
        let before = found.len();
        if !is_expired {
            found.retain(|finding| !covers(allowance, rule.as_ref().ok(), finding));
        }
        let context = AllowanceContext {
            fleet,
            allowance,
            unknown: rule.err(),
            is_expired,
            is_used: found.len() < before,
        };
        about.extend(findings(|check| match check {
            StaticCheck::Allowance(check) => check(&context),
            _ => Vec::new(),
        }));
    }
    found.extend(about);
    order::by_place(found)
}

/// Takes away the findings that an allowance of the inventory covers; `today` as for
/// [`allowed`].
pub fn take_allowed(fleet: &Fleet, found: &mut Vec<Finding>, today: Option<Day>) {
    let allowances = fleet.allowances.iter();
    for allowance in allowances.filter(|allowance| !is_expired(allowance, today)) {
        let rule = rules::find(&allowance.rule).map(|rule| rule.id).ok();
        found.retain(|finding| !covers(allowance, rule.as_ref(), finding));
    }
}

fn is_expired(allowance: &Allowance, today: Option<Day>) -> bool {
    let last_and_today = allowance.expires.zip(today);
    last_and_today.is_some_and(|(last, today)| last < today)
}

fn covers(allowance: &Allowance, rule: Option<&RuleId>, finding: &Finding) -> bool {
    let is_here = |at: &String| finding.subject().is_at(at) || is_in(finding, at);
    rule == Some(&finding.rule().id) && allowance.at.as_ref().is_none_or(is_here)
}

/// True if the finding points into this file, or into this folder.
fn is_in(finding: &Finding, path: &str) -> bool {
    let mut labels = finding.diagnostic().labels.iter();
    labels.any(|label| is_within(&label.source.path, path))
}
