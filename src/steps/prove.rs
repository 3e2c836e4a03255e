//! Whether it works, only the machines know: once they are switched, they are asked.

use std::collections::BTreeMap;

use super::role::{Role, Using};
use super::{COMMANDS, Moment, Step, StepKind, names};
use crate::fleet::{HostName, Wiring};

/// The proof for the clients whose way to a cache is new, or another.
pub(super) fn step(old: &BTreeMap<HostName, Role>, new: &BTreeMap<HostName, Role>) -> Option<Step> {
    let is_concerned = |(name, is): &(&HostName, &Role)| {
        let was = old.get(*name);
        let before = |cache: &HostName| was.and_then(|was| was.fetches.get(cache));
        let mut fetches = is.fetches.iter();
        let mut uses = is.uses.iter();
        uses.any(|(cache, using)| is_new(was, cache, using))
            || fetches.any(|(cache, now)| now.url.scheme().is_http() && before(cache) != Some(now))
    };
    let hosts = new.iter().filter(is_concerned);
    let hosts: Vec<HostName> = hosts.map(|(name, _)| name.clone()).collect();
    let words: Vec<&str> = hosts.iter().map(HostName::as_str).collect();
    let command = match hosts.len() {
        0 => return None,
        1..=COMMANDS => format!("larder doctor {}", words.join(" ")),
        _ => "larder doctor --all".to_owned(),
    };
    let verb = if hosts.len() == 1 { "fetches" } else { "fetch" };
    Some(Step {
        moment: Moment::Proof,
        action: StepKind::Prove,
        text: format!("prove on the machines that {} {verb}", names(&hosts)),
        hosts,
        commands: vec![command],
    })
}

/// True if it did not use the cache before, or in another way.
fn is_new(was: Option<&Role>, cache: &HostName, using: &Using) -> bool {
    let before = was.and_then(|was| was.uses.get(cache));
    using.wiring == Wiring::Owned && before != Some(using)
}
