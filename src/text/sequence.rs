//! Items between brackets, separated by commas: a list, or an inline table.
//!
//! An insertion keeps the layout: one line or many, with or without a comma after the last
//! item. [`Sequence::remove`] undoes [`Sequence::insert`] byte for byte.

use std::ops::Range;

use super::TextEdit;
use super::by_line::{indent, is_comment, line_at, line_before, line_end};

/// The items between two brackets.
pub(crate) struct Sequence<'t> {
    text: &'t str,
    inner: Range<usize>,
    items: Vec<Item>,
}

struct Item {
    range: Range<usize>,
    /// The end of the comma after the item.
    comma: Option<usize>,
}

impl<'t> Sequence<'t> {
    /// The items in the range `brackets`, which includes the brackets. `ends` are the offsets
    /// at which the values end.
    pub(crate) fn new(
        text: &'t str,
        brackets: &Range<usize>,
        ends: impl IntoIterator<Item = usize>,
    ) -> Self {
        let inner = brackets.start + 1..brackets.end - 1;
        let mut items = Vec::new();
        let mut from = inner.start;
        for end in ends {
            let start = skip_trivia(text, from, inner.end);
            let next = skip_trivia(text, end, inner.end);
            let comma = text[next..inner.end].starts_with(',').then_some(next + 1);
            from = comma.unwrap_or(next);
            items.push(Item {
                range: start..end,
                comma,
            });
        }
        Self { text, inner, items }
    }

    /// Inserts `new` before the item of this index, or after the last item.
    pub(crate) fn insert(&self, index: usize, new: &str) -> TextEdit {
        if self.items.is_empty() {
            return self.insert_first(new);
        }
        if index == 0 {
            return self.insert_before_all(new);
        }
        let before = index.min(self.items.len()) - 1;
        let item = &self.items[before];
        let place = item.comma.unwrap_or(item.range.end);
        if !self.is_alone(before) {
            let gap = self.gap();
            let new = match item.comma {
                Some(_) => format!("{gap}{new},"),
                None => format!(",{gap}{new}"),
            };
            return TextEdit::insert(place, new);
        }
        let after_line = line_at(self.text, place).end;
        let comma = if item.comma.is_some() { "," } else { "" };
        let line = self.line(item.range.start, new, comma);
        let missing = TextEdit::insert(item.range.end, if comma.is_empty() { "," } else { "" });
        missing
            .and(TextEdit::insert(after_line, line))
            .expect("the comma stands before the end of its line")
    }

    /// The gap between two items of a line: a blank, or nothing if the first two items have
    /// none between them.
    fn gap(&self) -> &'static str {
        let first = self.items.first().and_then(|item| item.comma);
        let next = self.items.get(1).map(|item| item.range.start);
        if first.is_some() && first == next {
            ""
        } else {
            " "
        }
    }

    /// Removes the item of this index.
    pub(crate) fn remove(&self, index: usize) -> TextEdit {
        let item = &self.items[index];
        let end = item.comma.unwrap_or(item.range.end);
        let previous = index.checked_sub(1).and_then(|at| self.items[at].comma);
        // The comma before the last item goes with the item.
        let dangling = previous.filter(|_| item.comma.is_none());
        if self.is_alone(index) {
            let line = TextEdit::delete(self.lines_of(index));
            return without_comma(dangling, line);
        }
        if self.items.len() == 1 {
            return TextEdit::delete(self.only(item.range.start, end));
        }
        match previous {
            None => {
                let next = self.items[1].range.start;
                TextEdit::delete(item.range.start..self.blanks_until(end, next))
            }
            Some(comma) if self.is_blank(comma..item.range.start) => match dangling {
                Some(comma) => TextEdit::delete(comma - 1..end),
                None => TextEdit::delete(comma..end),
            },
            Some(_) => without_comma(dangling, TextEdit::delete(item.range.start..end)),
        }
    }

    fn insert_first(&self, new: &str) -> TextEdit {
        let blanks = &self.text[self.inner.clone()];
        if !blanks.contains('\n') {
            return TextEdit::insert(self.inner.start, format!("{blanks}{new}"));
        }
        let closing = line_at(self.text, self.inner.end).start;
        let above = line_before(self.text, closing).filter(|line| line.start > self.inner.start);
        let comment = above.filter(|line| is_comment(&self.text[line.clone()]));
        let line = match comment {
            Some(comment) => self.line(comment.start, new, ","),
            None => format!("  {}", self.line(self.inner.end, new, ",")),
        };
        TextEdit::insert(closing, line)
    }

    fn insert_before_all(&self, new: &str) -> TextEdit {
        let first = self.items[0].range.start;
        if !self.is_alone(0) {
            return TextEdit::insert(first, format!("{new}, "));
        }
        let mut start = line_at(self.text, first).start;
        while let Some(line) = line_before(self.text, start) {
            if line.start <= self.inner.start || !is_comment(&self.text[line.clone()]) {
                break;
            }
            start = line.start;
        }
        TextEdit::insert(start, self.line(first, new, ","))
    }

    /// A line with `new`, indented like the line at the offset `like`.
    fn line(&self, like: usize, new: &str, comma: &str) -> String {
        let (indent, end) = (indent(self.text, like), line_end(self.text));
        format!("{indent}{new}{comma}{end}")
    }

    /// True if the lines of the item contain only the item, its comma and a comment.
    fn is_alone(&self, index: usize) -> bool {
        let lines = self.lines_of(index);
        let item = &self.items[index];
        let behind = &self.text[item.comma.unwrap_or(item.range.end)..lines.end];
        lines.start > self.inner.start
            && lines.end <= self.inner.end
            && self.is_blank(lines.start..item.range.start)
            && (behind.trim().is_empty() || is_comment(behind))
    }

    fn lines_of(&self, index: usize) -> Range<usize> {
        let item = &self.items[index];
        let end = item.comma.unwrap_or(item.range.end);
        line_at(self.text, item.range.start).start..line_at(self.text, end).end
    }

    /// The range of an only item. Equal blanks around the item are removed on one side:
    /// [`Sequence::insert`] doubles the blanks between empty brackets.
    fn only(&self, start: usize, end: usize) -> Range<usize> {
        let before = &self.text[self.inner.start..start];
        let after = &self.text[end..self.inner.end];
        let doubled = before == after && self.is_blank(end..self.inner.end);
        start..if doubled { self.inner.end } else { end }
    }

    /// True if the range has only spaces and tabs.
    fn is_blank(&self, range: Range<usize>) -> bool {
        self.text[range].chars().all(|c| c == ' ' || c == '\t')
    }

    fn blanks_until(&self, from: usize, most: usize) -> usize {
        let between = &self.text[from..most];
        from + between.len() - between.trim_start_matches([' ', '\t']).len()
    }
}

/// Adds to an edit the removal of the comma that ends at this offset.
fn without_comma(comma: Option<usize>, rest: TextEdit) -> TextEdit {
    match comma {
        Some(end) => TextEdit::delete(end - 1..end)
            .and(rest)
            .expect("a comma stands before the next item"),
        None => rest,
    }
}

/// The offset of the next byte that is neither blank nor in a comment.
fn skip_trivia(text: &str, from: usize, most: usize) -> usize {
    let mut at = from;
    while at < most {
        let rest = &text[at..most];
        let blanks = rest.len() - rest.trim_start().len();
        if blanks > 0 {
            at += blanks;
        } else if rest.starts_with('#') {
            at += rest.find('\n').unwrap_or(rest.len());
        } else {
            break;
        }
    }
    at
}
