//! Ranges of the tree as bytes of the text.

use std::ops::Range;

use rnix::{SyntaxNode, TextRange};

/// The bytes that a node covers.
pub fn range_of(node: &SyntaxNode) -> Range<usize> {
    bytes(node.text_range())
}

/// A tree's range as bytes of the text.
pub(in crate::nix) fn bytes(range: TextRange) -> Range<usize> {
    range.start().into()..range.end().into()
}
