//! Puts a copy of an entry behind another. [`Data::remove`] takes it out again, byte for
//! byte.

use super::copy::EntryCopy;
use super::find::{Form, Placement};
use super::tree::Segment;
use super::{Data, verify};
use crate::text::TextEdit;
use crate::text::by_line::{insertion, is_blank, is_comment, line_at, line_before, line_end};

impl Data {
    /// Puts a copy behind the entry at the path, in the same form. `None`: the text
    /// would then not say that and nothing else.
    pub(crate) fn insert_after(&self, path: &[Segment], copy: &EntryCopy) -> Option<TextEdit> {
        let edit = self.inserted(path, copy.text()?)?;
        let (last, above) = path.split_last()?;
        let new = match last {
            Segment::Index(index) => Segment::Index(index + 1),
            Segment::Key(_) => copy.segment()?.clone(),
        };
        let expected = verify::with(self.value(), &[above, &[new]].concat(), copy.value()?)?;
        self.says_after(&edit, &expected).then_some(edit)
    }

    fn inserted(&self, path: &[Segment], entry: &str) -> Option<TextEdit> {
        if self.is_bracketed(path) {
            let (depth, brackets) = self.brackets_around(path)?;
            let last = brackets.last_of(&path[depth..])?;
            return Some(brackets.sequence.insert(last + 1, entry));
        }
        let content = self.lines_of(path).last()?.end;
        let place = self.below_comments(content);
        let end = line_end(&self.text);
        let above = line_before(&self.text, place).map(|line| &self.text[line]);
        // A comment that touched the entry would become its comment.
        let least = usize::from(above.is_some_and(is_comment));
        let blank_lines = self.blank_lines_between(path).max(least);
        // The file's line end, also where the entry's own last line has another.
        let entry = entry.trim_end_matches(['\r', '\n']);
        let lines = format!("{}{entry}{end}", end.repeat(blank_lines));
        Some(TextEdit::insert(
            place,
            insertion(&self.text, place, &lines),
        ))
    }

    /// How many blank lines are above an entry, most often among those beside it.
    fn blank_lines_between(&self, path: &[Segment]) -> usize {
        let above = path.split_last().map_or(path, |(_, above)| above);
        let entries = self.entries(above);
        let own = path.last().and_then(|last| entries.get(last));
        let alike = entries
            .values()
            .filter(|entry| Some(entry.form) == own.map(|own| own.form));
        let mut counts: Vec<usize> = alike
            .filter(|entry| !self.is_first_below_header(entry))
            .map(|entry| self.blank_lines_above(entry.start))
            .collect();
        counts.sort_unstable();
        let usual = counts.get(counts.len() / 2).copied();
        usual.unwrap_or_else(|| usize::from(own.is_some_and(|own| own.form == Form::Headers)))
    }

    /// Between a header and its first line is no space between entries.
    fn is_first_below_header(&self, entry: &Placement) -> bool {
        let index = self
            .statements
            .partition_point(|one| one.range.start < entry.start);
        let before = index.checked_sub(1).map(|before| &self.statements[before]);
        before.is_none_or(|before| before.is_header && entry.form != Form::Headers)
    }

    /// Blank lines above a line and the comments that touch it.
    fn blank_lines_above(&self, offset: usize) -> usize {
        let mut start = line_at(&self.text, offset).start;
        let mut blank_lines = 0;
        while let Some(line) = line_before(&self.text, start) {
            let above = &self.text[line.clone()];
            match (is_blank(above), is_comment(above)) {
                (true, _) => blank_lines += 1,
                (false, true) if blank_lines == 0 => {}
                _ => break,
            }
            start = line.start;
        }
        blank_lines
    }
}
