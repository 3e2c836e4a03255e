//! The comment that says "this binding is here because of larder".

use std::ops::Range;

use crate::nix::layout;
use crate::nix::tokens::comment_words;

/// What the comment says.
const WORD: &str = "larder";

/// The comment behind a binding that has lines of its own.
pub(super) const LINE: &str = " # larder";
/// The comment behind a binding within a line.
pub(super) const INLINE: &str = " /* larder */";

/// The marker behind a binding that ends at `end`, blanks before it included.
pub(super) fn behind(text: &str, end: usize) -> Option<Range<usize>> {
    let rest = text[end..].trim_start_matches([' ', '\t']);
    let start = text.len() - rest.len();
    let width = if rest.starts_with('#') {
        layout::line_end(text, start) - start
    } else {
        rest.strip_prefix("/*")?.find("*/")? + 4
    };
    is_marker(&rest[..width]).then_some(end..start + width)
}

/// True if a comment is a marker, as written or as a formatter turned it.
pub(super) fn is_marker(comment: &str) -> bool {
    comment_words(comment) == WORD
}
