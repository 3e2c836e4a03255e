//! By which other hosts have a module too.

use crate::flake::host_module::candidate::{Candidate, Candidates, Pick};
use crate::flake::host_module::listed::module_refs;
use crate::flake::host_module::name_match::{NameMatch, of_path};

/// The one entry file that only this host has; of several, the one `configuration.nix`.
pub(super) fn only_entry_file(candidates: &Candidates) -> Option<Pick> {
    let ranked = candidates.ranked.iter();
    let entries: Vec<&Candidate> = ranked.filter(|one| one.is_own_entry()).collect();
    let is_main = |one: &&Candidate| one.module.file.file_name() == "configuration.nix";
    let main: Vec<&Candidate> = entries.iter().copied().filter(is_main).collect();
    let (([best], _) | (_, [best])) = (entries.as_slice(), main.as_slice()) else {
        return None;
    };
    // The host has a folder of its name, and this file is not from there.
    let mut beside = candidates.ranked.iter();
    let is_doubtful = best.name < NameMatch::Below
        && beside.any(|one| one.is_listed_once && one.name == NameMatch::Below);
    let pick = best.pick("the only entry file that no other host has");
    Some(Pick {
        confirm: is_doubtful,
        ..pick
    })
}

/// The only module that no other host has.
pub(super) fn only_module(candidates: &Candidates) -> Option<Pick> {
    let mut own = candidates.ranked.iter().filter(|one| one.is_listed_once);
    let best = own.next().filter(|_| own.next().is_none())?;
    // An aspect is written to be shared, and the host has a module of its own.
    let is_aspect = best.module.within.is_some() && candidates.has_own_inline();
    let is_its = !best.is_shared_part() && !is_aspect;
    is_its.then(|| best.pick_to_confirm("the only module that no other host has"))
}

/// The one module that the host has, though others have it too.
pub(super) fn only_shared_module(candidates: &Candidates) -> Option<Pick> {
    let best = candidates.ranked.iter().find(|one| one.level == 0)?;
    if module_refs(&candidates.host.modules).len() > 1 {
        return None;
    }
    let mut others = candidates.all_hosts.iter();
    let is_anothers = others.any(|other| {
        let name = of_path(&best.module.file, &other.name);
        other.name != candidates.host.name && name >= NameMatch::Parts
    });
    let is_whole = best.module.within.is_none() && !candidates.has_own_inline();
    let is_of_some = is_whole && best.hosts < candidates.all_hosts.len();
    let is_meant = best.is_entry() || is_of_some;
    let may_be_its = !is_anothers && !best.is_shared_part() && is_meant;
    may_be_its.then(|| best.pick_to_confirm("the only module, shared with other hosts"))
}
