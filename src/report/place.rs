//! Where labels are, in the lines and columns that readers use.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Label, Source};
use crate::text::{LineIndex, Position};

/// A label's path and its first and last position (the end is exclusive).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) path: String,
    pub(super) start: Position,
    pub(super) end: Position,
}

/// Looks labels up; a text is split into lines once, however many point into it.
#[derive(Default)]
pub(super) struct Places {
    indexes: HashMap<*const u8, LineIndex>,
}

impl Places {
    /// Where the finding is: its first label.
    pub(super) fn of(&mut self, diagnostic: &Diagnostic) -> Option<Place> {
        diagnostic.labels.first().map(|label| self.at(label))
    }

    /// Where a label is.
    pub(super) fn at(&mut self, label: &Label) -> Place {
        let text = &label.source.text;
        let index = self.index(&label.source);
        let range = inside(text, &label.range);
        Place {
            path: label.source.path.clone(),
            start: index.position(text, range.start),
            end: index.position(text, range.end),
        }
    }

    /// The lines of a source.
    pub(super) fn index(&mut self, source: &Source) -> &LineIndex {
        // The diagnostics hold their texts while this lives: an address is one text.
        let address = Arc::as_ptr(&source.text).cast();
        let new = || LineIndex::new(&source.text);
        self.indexes.entry(address).or_insert_with(new)
    }
}

/// The range cut to the text and widened to whole characters, so that a range
/// made for another text is a wrong mark and not a crash.
pub(super) fn inside(text: &str, range: &Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(range.start);
    let end = text.ceil_char_boundary(range.end);
    start..end.max(start)
}

/// A path relative to the flake's folder as seen from the top of the work tree.
///
/// `base` is the flake's folder from that top, empty if they are the same.
pub(super) fn from_top(base: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_another_text_is_cut_to_this_one() {
        assert_eq!(inside("aß", &(2..99)), 1..3);
        assert_eq!(inside("a", &(7..9)), 1..1);
    }

    #[test]
    fn paths_are_seen_from_the_top() {
        assert_eq!(from_top("nix", "../hosts/a.nix"), "hosts/a.nix");
        assert_eq!(from_top("", "larder.toml"), "larder.toml");
    }
}
