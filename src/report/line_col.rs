//! The lines and columns of labels.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Label, Source};
use crate::text::{LineIndex, Position};

/// The path of a label, its first position, and its end (exclusive).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LineColSpan {
    pub(super) path: String,
    pub(super) start: Position,
    pub(super) end: Position,
}

/// Computes the spans of labels. Caches the line index of each text.
#[derive(Default)]
pub(super) struct LineIndexCache {
    indexes: HashMap<*const u8, LineIndex>,
}

impl LineIndexCache {
    /// The location of a diagnostic: the span of its first label.
    pub(super) fn location(&mut self, diagnostic: &Diagnostic) -> Option<LineColSpan> {
        diagnostic.labels.first().map(|label| self.span(label))
    }

    /// The span of a label.
    pub(super) fn span(&mut self, label: &Label) -> LineColSpan {
        let text = &label.source.text;
        let index = self.index(&label.source);
        let range = clamped(text, &label.range);
        LineColSpan {
            path: label.source.path.clone(),
            start: index.position(text, range.start),
            end: index.position(text, range.end),
        }
    }

    /// The line index of a source.
    pub(super) fn index(&mut self, source: &Source) -> &LineIndex {
        // The diagnostics outlive the cache, so an address always means the same text.
        let address = Arc::as_ptr(&source.text).cast();
        let new = || LineIndex::new(&source.text);
        self.indexes.entry(address).or_insert_with(new)
    }
}

/// The range, cut to the text and widened to whole characters: a range of another text
/// gives a wrong label, not a panic.
pub(super) fn clamped(text: &str, range: &Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(range.start);
    let end = text.ceil_char_boundary(range.end);
    start..end.max(start)
}

/// A path relative to the top of the work tree. `path` is relative to the flake's folder,
/// and `base` is that folder relative to the top, empty if they are the same.
pub(super) fn relative_to_top(base: &str, path: &str) -> String {
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
        assert_eq!(clamped("aß", &(2..99)), 1..3);
        assert_eq!(clamped("a", &(7..9)), 1..1);
    }

    #[test]
    fn paths_are_seen_from_the_top() {
        assert_eq!(relative_to_top("nix", "../hosts/a.nix"), "hosts/a.nix");
        assert_eq!(relative_to_top("", "larder.toml"), "larder.toml");
    }
}
