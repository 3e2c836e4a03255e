//! Takes an entry out: one that [`Data::insert_after`] put in, or one with the comments
//! about it, as [`super::TomlEdit`] does.

use std::ops::Range;

use super::statements::Statement;
use super::tree::Segment;
use super::{Data, verify};
use crate::text::TextEdit;
use crate::text::by_line::{deletion, is_blank, line_after, line_before};

impl Data {
    /// Takes out the entry at the path: an item, a member, or all lines about it with
    /// the blank lines above. Comments around it stay. `None`: it is written in a form
    /// that has no such part.
    pub(crate) fn remove(&self, path: &[Segment]) -> Option<TextEdit> {
        let edit = self.removed(path)?;
        let expected = verify::without(self.value(), path)?;
        self.says_after(&edit, &expected).then_some(edit)
    }

    /// As [`Data::remove`], whatever the text says afterwards.
    pub(super) fn removed(&self, path: &[Segment]) -> Option<TextEdit> {
        if self.is_bracketed(path) {
            return self.removed_from_brackets(path);
        }
        let mut edit = TextEdit::empty();
        for lines in self.lines_of(path) {
            let lines = self.with_blank_lines(lines);
            let taken = TextEdit::delete(deletion(&self.text, lines));
            edit = edit.and(taken).ok()?;
        }
        (!edit.is_empty()).then_some(edit)
    }

    /// Takes out a part of what is at the path: a section with its comments, else a line
    /// with the comment on it, else an item between brackets.
    pub(super) fn part_removed(&self, path: &[Segment]) -> Option<TextEdit> {
        let mut sections = self.sections();
        let is_below = |one: &Statement| one.is_header && one.is_of(path);
        if let Some(section) = sections.find(|section| is_below(&section[0])) {
            let paragraph = self.paragraph(section);
            return Some(TextEdit::delete(deletion(&self.text, paragraph)));
        }
        if let Some(line) = self.statements_of(path).next() {
            let line = std::slice::from_ref(line);
            let lines = self.start_of(line)..self.end_of(line);
            return Some(TextEdit::delete(deletion(&self.text, lines)));
        }
        self.removed_from_brackets(path)
    }

    fn removed_from_brackets(&self, path: &[Segment]) -> Option<TextEdit> {
        let (depth, brackets) = self.brackets_around(path)?;
        let first = brackets.first_of(&path[depth..])?;
        Some(brackets.sequence.remove(first))
    }

    /// The lines and the blank ones above; below, where they are the file's first.
    fn with_blank_lines(&self, lines: Range<usize>) -> Range<usize> {
        let Range { mut start, mut end } = lines;
        while let Some(line) = line_before(&self.text, start)
            && is_blank(&self.text[line.clone()])
        {
            start = line.start;
        }
        while start == 0
            && let Some(line) = line_after(&self.text, end)
            && is_blank(&self.text[line.clone()])
        {
            end = line.end;
        }
        start..end
    }

    /// A section with the comments directly above its header and directly below its last
    /// line, and one blank line before it.
    fn paragraph(&self, section: &[Statement]) -> Range<usize> {
        let start = self.above_comments(self.start_of(section));
        let above = line_before(&self.text, start);
        let blank = above.filter(|line| is_blank(&self.text[line.clone()]));
        let start = blank.map_or(start, |line| line.start);
        start..self.below_comments(self.end_of(section))
    }
}
