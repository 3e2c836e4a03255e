//! What goes when something is removed, in whatever form it is there.

use std::ops::Range;

use super::outline::Section;
use super::view::{Broken, View, in_order, is_below};
use crate::text::TextEdit;
use crate::text::by_line::{deletion, is_blank, line_at, line_before};

impl View<'_> {
    /// The removal of one part of what is at `path` or below it; `None` if nothing
    /// is left.
    pub(super) fn remove_part(&self, path: &[&str]) -> Result<Option<TextEdit>, Broken> {
        if self.find(path).is_none() {
            return Ok(None);
        }
        let mut sections = self.sections.iter();
        if let Some(section) = sections.find(|one| is_below(&one.path, path)) {
            return Ok(Some(TextEdit::delete(self.paragraph(section))));
        }
        let mut entries = self.sections.iter().flat_map(|section| &section.entries);
        if let Some(entry) = entries.find(|entry| is_below(&entry.path, path)) {
            let start = line_at(self.text, entry.key.start).start;
            let end = line_at(self.text, entry.value.end).end;
            return Ok(Some(TextEdit::delete(deletion(self.text, start..end))));
        }
        self.remove_from_braces(path).map(Some)
    }

    /// The removal of one entry of the list at `path`; `None` if it is not there.
    pub(super) fn remove_entry(&self, path: &[&str], entry: &str) -> Option<TextEdit> {
        let (array, sequence) = self.list(path)?;
        let index = array
            .iter()
            .position(|value| value.as_str() == Some(entry))?;
        Some(sequence.remove(index))
    }

    fn remove_from_braces(&self, path: &[&str]) -> Result<TextEdit, Broken> {
        let (length, braces) = self.braces_around(path).ok_or(Broken)?;
        let rest = &path[length..];
        let index = in_order(braces).position(|(keys, _)| {
            keys.len() >= rest.len() && keys.iter().zip(rest).all(|(key, name)| key.get() == *name)
        });
        let sequence = self.sequence(braces).ok_or(Broken)?;
        Ok(sequence.remove(index.ok_or(Broken)?))
    }

    /// The lines of a section, and one blank line before them.
    fn paragraph(&self, section: &Section) -> Range<usize> {
        let lines = section.lines(self.text);
        let above = line_before(self.text, lines.start);
        let blank = above.filter(|line| is_blank(&self.text[line.clone()]));
        let start = blank.map_or(lines.start, |line| line.start);
        deletion(self.text, start..lines.end)
    }
}
