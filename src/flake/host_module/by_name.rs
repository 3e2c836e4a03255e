//! By the host's name in the path of a module.

use crate::flake::host_module::candidate::{Candidate, Candidates, Pick};
use crate::flake::host_module::name_match::{
    NameMatch, base_name, is_common, is_named_after_itself,
};

/// The module that is named after the host.
pub(super) fn named(candidates: &Candidates) -> Option<Pick> {
    let ranked = &candidates.ranked;
    let first = ranked.first().filter(|one| one.name >= NameMatch::Parts)?;
    let best = main_part(first, ranked);
    let rivals = ranked.iter().filter(|one| one.rank() == first.rank());
    let is_other_part = best.module != first.module;
    let where_from = match best.level {
        0 => "in the host's modules",
        _ => "imported by the host's modules",
    };
    let shared = if best.hosts > 1 {
        ", shared with other hosts"
    } else {
        ""
    };
    let pick = best.pick(format!("{where_from}, named after the host{shared}"));
    Some(Pick {
        confirm: best.hosts > 1 || rivals.count() > 1 || is_other_part || best.is_shared_part(),
        ..pick
    })
}

/// Several files may make one nested module together: the one of its name is meant.
fn main_part<'a>(first: &'a Candidate<'a>, ranked: &'a [Candidate<'a>]) -> &'a Candidate<'a> {
    let within = &first.module.within;
    let mut parts = ranked
        .iter()
        .filter(|one| within.is_some() && one.module.within == *within);
    parts
        .find(|one| is_named_after_itself(one.module))
        .unwrap_or(first)
}

/// The list of modules in a file that is named after the host and makes it, unless one
/// module of the list is its entry.
pub(super) fn list_that_makes_it(candidates: &Candidates) -> Option<Pick> {
    let ranked = candidates.ranked.iter();
    let best = ranked.clone().find(|one| one.is_its_list)?;
    let mut others = ranked.filter(|one| !one.module.in_list && one.is_listed_once);
    let is_only_host = candidates.all_hosts.len() == 1;
    let has_entry = !is_only_host && others.clone().any(Candidate::is_own_entry);
    let is_one_below = others
        .next()
        .is_some_and(|one| one.name == NameMatch::Below)
        && others.next().is_none();
    if has_entry || is_one_below {
        return None;
    }
    let how = "in a file that is named after the host and makes it";
    Some(if candidates.host.is_known_whole() {
        best.pick(how)
    } else {
        best.pick_to_confirm(format!("{how}; {}", candidates.host.why_none()))
    })
}

/// The only module in a folder of the host's name.
pub(super) fn only_below_its_folder(candidates: &Candidates) -> Option<Pick> {
    let ranked = candidates.ranked.iter();
    let mut below = ranked.filter(|one| one.is_listed_once && one.name == NameMatch::Below);
    let best = below.next().filter(|_| below.next().is_none())?;
    Some(best.pick_to_confirm("the only module from the host's folder"))
}

/// The module that has the first part of the host's name: that of the host of which this
/// one is a variant, or its own where no other host has it.
pub(super) fn named_as_variant(candidates: &Candidates) -> Option<Pick> {
    let mut ranked = candidates.ranked.iter();
    let (best, base) = ranked.find_map(|one| match one.name {
        NameMatch::Variant(length) => Some((one, base_name(&candidates.host.name, length))),
        _ => None,
    })?;
    if candidates.has_host(&base) {
        return Some(best.pick_to_confirm("named after the host of which this is a variant"));
    }
    let how = "named after the first part of the host's name";
    if best.hosts > 1 {
        return Some(best.pick_to_confirm(format!("{how}, shared with other hosts")));
    }
    let is_certain = best.is_entry() && !best.is_shared_part() && !is_common(&base);
    Some(Pick {
        confirm: !is_certain,
        ..best.pick(how)
    })
}
