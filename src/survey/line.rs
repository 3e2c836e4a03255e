//! The lines of a string, and where they are written.

use crate::survey::hit::{Hit, Spot};

/// The place of a line of a string's meaning, from 0.
///
/// Only an indented string keeps its lines as they are written; one that is
/// computed, or bound elsewhere, is pointed at as a whole.
pub fn line_of(hit: &Hit, line: usize) -> Spot {
    let Spot { file, range, .. } = &hit.spot;
    let whole = || hit.spot.clone();
    let Some(inner) = hit.spot.written().strip_prefix("''") else {
        return whole();
    };
    // A blank first line is not part of the string.
    let first_is_blank = inner
        .lines()
        .next()
        .is_some_and(|first| first.trim().is_empty());
    let wanted = line + usize::from(first_is_blank);
    let mut start = range.start + 2;
    for (number, text) in inner.split_inclusive('\n').enumerate() {
        if number == wanted {
            let left = text.len() - text.trim_start().len();
            let end = start + text.trim_end_matches("''").trim_end().len();
            return Spot {
                file: file.clone(),
                range: start + left..end.max(start + left),
                condition: hit.spot.condition.clone(),
            };
        }
        start += text.len();
    }
    whole()
}
