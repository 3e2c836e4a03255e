//! Which host or cache is meant, where the command line leaves that out.

use super::{Ask, Question};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Fleet, HostName, INVENTORY, Selector, SigningKey, some_of};

/// A cache that a host serves: the given one, or the one that is chosen.
pub(super) fn cache(
    fleet: &Fleet,
    given: Option<HostName>,
    question: Question<'_>,
    ask: &mut dyn Ask,
) -> Result<HostName, Stop> {
    if let Some(name) = given {
        fleet.require_cache(&name)?;
        return Ok(name);
    }
    chosen_cache(fleet.caches.keys(), question, ask)
}

/// A cache of whichever kind: the given one, or the one that is chosen.
pub(super) fn cache_of_any_kind(
    fleet: &Fleet,
    given: Option<HostName>,
    question: Question<'_>,
    ask: &mut dyn Ask,
) -> Result<HostName, Stop> {
    if let Some(name) = given {
        fleet.require_cache_of_any_kind(&name)?;
        return Ok(name);
    }
    chosen_cache(fleet.cache_names(), question, ask)
}

fn chosen_cache<'f>(
    names: impl Iterator<Item = &'f HostName>,
    question: Question<'_>,
    ask: &mut dyn Ask,
) -> Result<HostName, Stop> {
    let names: Vec<&HostName> = names.collect();
    let none = || none_there("cache", "larder add-cache HOST");
    chosen(&names, 0, question, ask)?.ok_or_else(none)
}

/// A host of the fleet: the given one, or the one that is chosen from those that `fits`.
/// The first that `is_likely` is preselected.
pub(super) fn host(
    fleet: &Fleet,
    given: Option<HostName>,
    question: Question<'_>,
    fits: impl Fn(&HostName) -> bool,
    is_likely: impl Fn(&HostName) -> bool,
    ask: &mut dyn Ask,
) -> Result<HostName, Stop> {
    if let Some(name) = given {
        fleet.require_host(&name)?;
        return Ok(name);
    }
    let mut names: Vec<&HostName> = fleet.hosts.keys().filter(|name| fits(name)).collect();
    if names.is_empty() {
        names = fleet.hosts.keys().collect();
    }
    one_of(&names, question, is_likely, ask)
}

/// One of these machines. The first that `is_likely` is preselected.
pub(super) fn one_of(
    names: &[&HostName],
    question: Question<'_>,
    is_likely: impl Fn(&HostName) -> bool,
    ask: &mut dyn Ask,
) -> Result<HostName, Stop> {
    let first = names.iter().position(|name| is_likely(name)).unwrap_or(0);
    let none = || none_there("host", "larder add-host NAME");
    chosen(names, first, question, ask)?.ok_or_else(none)
}

/// Refuses a selector that means nobody by mistake.
///
/// # Errors
/// A host that is not in the inventory, or a tag that no host has.
pub(super) fn require_selected(fleet: &Fleet, selector: &Selector) -> Result<(), Stop> {
    match selector {
        Selector::Host(name) => fleet.require_host(name).map(drop).map_err(Stop::from),
        Selector::Tag(tag) if !fleet.hosts.values().any(|h| h.tags.contains(tag)) => Err(
            Diagnostic::error("unknown-tag", format!("no host has the tag `{tag}`"))
                .about(tag.to_string())
                .help(format!(
                    "write `tags = [\"{tag}\"]` under a `[hosts.…]` of larder.toml"
                ))
                .into(),
        ),
        Selector::Tag(_) | Selector::All => Ok(()),
    }
}

/// True if a public key of the host is not known: its own, or the one that it signs with.
pub(super) fn lacks_a_key(fleet: &Fleet, name: &HostName) -> bool {
    let signs = fleet.caches.get(name).map(|cache| &cache.signing_key);
    let lacks_host_key = fleet
        .hosts
        .get(name)
        .is_some_and(|host| host.host_key.is_none());
    lacks_host_key || matches!(signs, Some(SigningKey::Pending))
}

/// `None`: there is nothing to choose from.
fn chosen(
    names: &[&HostName],
    first: usize,
    question: Question<'_>,
    ask: &mut dyn Ask,
) -> Result<Option<HostName>, Stop> {
    if names.is_empty() {
        return Ok(None);
    }
    if !ask.has_person() {
        return Err(unanswered(names, question));
    }
    let options: Vec<String> = names.iter().map(ToString::to_string).collect();
    let at = ask.choose(question, &options, first)?;
    Ok(names.get(at).copied().cloned())
}

fn unanswered(names: &[&HostName], question: Question<'_>) -> Stop {
    match question.unanswered() {
        Stop::Refused(mut why) => {
            if let Some(last) = why.last_mut() {
                last.help.push(format!("one of {}", some_of(names)));
            }
            Stop::Refused(why)
        }
        fault @ Stop::Fault(_) => fault,
    }
}

fn none_there(what: &str, how: &str) -> Stop {
    let message = format!("there is no {what} in `{INVENTORY}`");
    Diagnostic::error("nothing-to-choose", message)
        .help(format!("`{how}` adds one"))
        .into()
}
