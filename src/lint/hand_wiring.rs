//! What the files of a client say of a cache that people wired by hand.

use crate::lint::context::LinkContext;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::survey::{Machine, Spot, Substituter};
use crate::text::TextEdit;

/// The client's substituter for this cache.
pub(super) fn substituter(link: &LinkContext<'_>, machine: &Machine) -> Option<Substituter> {
    machine.substituters().into_iter().find(|substituter| {
        let store = substituter.store.as_ref();
        store.is_some_and(|store| store.host == link.address.as_str())
    })
}

/// Something that the wiring lacks: points at the client's substituter, else at the
/// cache in the inventory.
pub(super) fn gap(link: &LinkContext<'_>, message: impl Into<String>, note: &str) -> Violation {
    let violation = Violation::new(Subject::link(link), message);
    let machine = link.machine();
    match machine.and_then(|machine| substituter(link, machine)) {
        Some(substituter) => violation.at_spot(&substituter.word.spot, note),
        None => violation.at_cache(link.context.fleet, link.cache),
    }
}

/// The edit that puts `to` in place of `from`, where that is written exactly once in
/// the place.
pub(super) fn replaced_once(spot: &Spot, from: &str, to: &str) -> Option<TextEdit> {
    let mut places = spot.written().match_indices(from);
    let (Some((at, _)), None) = (places.next(), places.next()) else {
        return None;
    };
    let start = spot.range.start + at;
    Some(TextEdit::replace(start..start + from.len(), to))
}
