//! `[[lint.allow]]`.

use super::section::Section;
use crate::fleet::Allowance;
use crate::fleet::format::{lint, top};

pub(super) fn read(top: &mut Section<'_, '_>) -> Vec<Allowance> {
    let mut all = Vec::new();
    let Some(mut section) = top.table(&top::LINT) else {
        return all;
    };
    section.check_keys(lint::KEYS);
    section.for_each_listed(&lint::ALLOW, |one| all.extend(allowance(one)));
    all
}

fn allowance(section: &mut Section<'_, '_>) -> Option<Allowance> {
    section.check_keys(lint::ALLOWANCE);
    let expires = section.day(&lint::EXPIRES);
    Some(Allowance {
        rule: section.text(&lint::RULE)?.to_owned(),
        at: section.text(&lint::AT).map(str::to_owned),
        reason: section.text(&lint::REASON)?.to_owned(),
        expires,
        range: section.place.clone(),
    })
}
