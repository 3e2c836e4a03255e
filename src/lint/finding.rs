//! How rules word their findings; their names are added when they are run.

use crate::diagnostic::Diagnostic;
use crate::lint::context::LinkContext;
use crate::survey::{Machine, Spot, Substituter};
use crate::text::TextEdit;

/// Something that does not work, or is dangerous.
pub(super) fn error(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("", message)
}

/// Something that is likely not what was meant.
pub(super) fn warning(message: impl Into<String>) -> Diagnostic {
    Diagnostic::warning("", message)
}

/// Points at a place that the survey has found.
pub(super) fn at(finding: Diagnostic, spot: &Spot, note: &str) -> Diagnostic {
    finding.at(spot.source(), spot.bytes(), note)
}

/// The client's substituter for this cache, where people wrote it by hand.
pub(super) fn substituter(link: &LinkContext<'_>, machine: &Machine) -> Option<Substituter> {
    machine.substituters().into_iter().find(|substituter| {
        let store = substituter.store.as_ref();
        store.is_some_and(|store| store.host == link.address.as_str())
    })
}

/// The edit that puts `to` in place of `from`, where that stands exactly once in
/// the place.
pub(super) fn replaced_once(spot: &Spot, from: &str, to: &str) -> Option<TextEdit> {
    let mut places = spot.written().match_indices(from);
    let (Some((at, _)), None) = (places.next(), places.next()) else {
        return None;
    };
    let start = spot.range.start + at;
    Some(TextEdit::replace(start..start + from.len(), to))
}

/// Adds a correction, if there is a safe one.
pub(super) fn with_fix(finding: Diagnostic, fix: Option<TextEdit>) -> Diagnostic {
    match fix {
        Some(fix) => finding.fixed_by(fix),
        None => finding,
    }
}

/// A gap in wiring that people made by hand: a warning at the client's
/// substituter, else at the cache in the inventory.
pub(super) fn gap(link: &LinkContext<'_>, message: impl Into<String>, note: &str) -> Diagnostic {
    let finding = warning(message).about(link.subject());
    let machine = link.machine();
    match machine.and_then(|machine| substituter(link, machine)) {
        Some(substituter) => at(finding, &substituter.word.spot, note),
        None => link.context.at_cache(finding, link.cache),
    }
}
