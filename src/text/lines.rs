//! Converts byte offsets to lines and columns.

use std::ops::Range;

/// A line and a column, both from 1. Columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// Characters are counted from the last of these many bytes on: a position in a line
/// of a megabyte costs no more than one in a short line.
const BLOCK: usize = 512;

/// The offsets at which the lines of a text begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<usize>,
    /// The characters before each block of the text.
    before_block: Vec<usize>,
}

impl LineIndex {
    /// The index of a text.
    pub fn new(text: &str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        let sum_up = |sum: &mut usize, block: &[u8]| {
            let before = *sum;
            *sum += first_bytes(block);
            Some(before)
        };
        let blocks = text.as_bytes().chunks(BLOCK);
        Self {
            starts: std::iter::once(0).chain(after_breaks).collect(),
            before_block: blocks.scan(0, sum_up).collect(),
        }
    }

    /// The line and column of a byte offset. `text` is the text of the index.
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let offset = offset.min(text.len());
        let line = self.starts.partition_point(|&start| start <= offset) - 1;
        let in_line = self.characters(text, offset) - self.characters(text, self.starts[line]);
        Position {
            line: line + 1,
            column: in_line + 1,
        }
    }

    /// The bytes of a line, counted from 1, without its line break.
    pub(crate) fn line(&self, text: &str, number: usize) -> Range<usize> {
        let start = self.starts[number - 1];
        let end = self.starts.get(number).map_or(text.len(), |next| next - 1);
        start..end
    }

    /// The characters before a byte offset.
    fn characters(&self, text: &str, offset: usize) -> usize {
        // The end of a text of whole blocks begins none.
        let block = (offset / BLOCK).min(self.before_block.len().saturating_sub(1));
        let before = self.before_block.get(block).copied().unwrap_or_default();
        before + first_bytes(&text.as_bytes()[block * BLOCK..offset])
    }
}

/// The bytes with which a character begins.
fn first_bytes(bytes: &[u8]) -> usize {
    let is_first = |byte: &&u8| **byte & 0b1100_0000 != 0b1000_0000;
    bytes.iter().filter(is_first).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "a\nßb\n";
        let index = LineIndex::new(text);
        let at_b = text.find('b').unwrap();
        assert_eq!(index.position(text, at_b), Position { line: 2, column: 2 });
    }

    #[test]
    fn columns_of_a_long_line_count_characters() {
        let text = format!("# a\n{}", "aß€🦀".repeat(BLOCK));
        let index = LineIndex::new(&text);
        for (at, _) in text.char_indices().chain([(text.len(), ' ')]).skip(4) {
            let column = text[4..at].chars().count() + 1;
            assert_eq!(index.position(&text, at), Position { line: 2, column });
        }
    }

    #[test]
    fn a_line_is_without_its_line_break() {
        let text = "a\n\nb";
        let index = LineIndex::new(text);
        let lines = [1, 2, 3].map(|number| &text[index.line(text, number)]);
        assert_eq!(lines, ["a", "", "b"]);
    }

    #[test]
    fn the_end_of_the_text_has_a_place() {
        let index = LineIndex::new("a\n");
        assert_eq!(index.position("a\n", 2), Position { line: 2, column: 1 });
        let empty = Position { line: 1, column: 1 };
        assert_eq!(LineIndex::new("").position("", 0), empty);
    }
}
