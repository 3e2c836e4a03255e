//! Where a value stands: the file and the line, as an editor takes them.

use crate::fleet::Fleet;
use crate::survey::Spot;
use crate::text::LineIndex;

/// The line of the inventory that a path of keys leads to; `None`: it is silent there.
pub(super) fn in_inventory(fleet: &Fleet, path: &[&str]) -> Option<String> {
    let range = fleet.span(path)?;
    let source = &fleet.source;
    let position = LineIndex::new(&source.text).position(&source.text, range.start);
    Some(format!("{}:{}", source.path, position.line))
}

/// The first of these paths at which the inventory says something.
pub(super) fn first_in_inventory(fleet: &Fleet, paths: &[&[&str]]) -> Option<String> {
    paths.iter().find_map(|path| in_inventory(fleet, path))
}

/// The line of a place in a file.
pub(super) fn of_spot(spot: &Spot) -> String {
    let source = spot.source();
    let position = LineIndex::new(&source.text).position(&source.text, spot.bytes().start);
    format!("{}:{}", spot.file.shown(), position.line)
}
