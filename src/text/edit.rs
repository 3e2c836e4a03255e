//! Edits of a text as replaced byte ranges.

use std::ops::Range;

/// One replaced range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// The bytes of the old text that are replaced; empty for an insertion.
    pub range: Range<usize>,
    /// The text that replaces them.
    pub insert: String,
}

/// Patches of one text, sorted by range and without overlap.
///
/// An empty edit changes nothing. Every byte outside of the patches is kept by
/// construction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextEdit {
    patches: Vec<Patch>,
}

/// Two patches overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("two edits touch the same bytes")]
pub struct Overlap;

impl TextEdit {
    /// An edit that changes nothing.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Inserts a text before the byte at `offset`.
    pub fn insert(offset: usize, insert: impl Into<String>) -> Self {
        Self::replace(offset..offset, insert)
    }

    /// Deletes the bytes of `range`.
    pub fn delete(range: Range<usize>) -> Self {
        Self::replace(range, "")
    }

    /// Replaces the bytes of `range` by `insert`.
    pub fn replace(range: Range<usize>, insert: impl Into<String>) -> Self {
        let insert = insert.into();
        if range.is_empty() && insert.is_empty() {
            return Self::empty();
        }
        Self {
            patches: vec![Patch { range, insert }],
        }
    }

    /// Combines two edits of the same text. Of two insertions at one offset, that of `self`
    /// comes first.
    ///
    /// # Errors
    /// When a patch of one overlaps a patch of the other.
    pub fn and(mut self, other: Self) -> Result<Self, Overlap> {
        self.patches.extend(other.patches);
        self.patches.sort_by_key(|p| (p.range.start, p.range.end));
        let overlaps = self
            .patches
            .windows(2)
            .any(|two| two[0].range.end > two[1].range.start);
        if overlaps { Err(Overlap) } else { Ok(self) }
    }

    /// True if the edit changes nothing.
    pub fn is_empty(&self) -> bool {
        self.patches.is_empty()
    }

    /// The patches, in order of their ranges.
    pub fn patches(&self) -> &[Patch] {
        &self.patches
    }

    /// The text after the edit.
    ///
    /// # Panics
    /// When the edit was made for another text: a range is out of bounds, or splits a
    /// character.
    #[must_use]
    pub fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for patch in &self.patches {
            out.push_str(&text[done..patch.range.start]);
            out.push_str(&patch.insert);
            done = patch.range.end;
        }
        out.push_str(&text[done..]);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_apply_in_order_of_place() {
        let edit = TextEdit::insert(5, "!")
            .and(TextEdit::replace(0..1, "H"))
            .unwrap();
        assert_eq!(edit.apply("hello"), "Hello!");
    }

    #[test]
    fn two_insertions_at_one_place_keep_their_order() {
        let edit = TextEdit::insert(1, "b")
            .and(TextEdit::insert(1, "c"))
            .unwrap();
        assert_eq!(edit.apply("ad"), "abcd");
    }

    #[test]
    fn overlapping_patches_are_refused() {
        assert_eq!(
            TextEdit::delete(0..3).and(TextEdit::delete(2..4)),
            Err(Overlap)
        );
    }

    #[test]
    fn nothing_to_do_is_empty() {
        assert!(TextEdit::replace(3..3, "").is_empty());
        assert_eq!(TextEdit::empty().apply("same"), "same");
    }
}
