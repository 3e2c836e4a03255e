//! Items between brackets, separated by commas: a list, or an inline table.
//!
//! Insertion keeps the form that is there (one line or many, a comma behind the
//! last item or none), and [`Sequence::remove`] takes back exactly what
//! [`Sequence::insert`] put in.

use std::ops::Range;

use super::TextEdit;
use super::by_line::{indent, is_comment, line_at, line_before, line_end};

/// The bytes between two brackets, and the items there.
pub(crate) struct Sequence<'t> {
    text: &'t str,
    inner: Range<usize>,
    items: Vec<Item>,
}

struct Item {
    range: Range<usize>,
    /// The end of the comma behind it.
    comma: Option<usize>,
}

impl<'t> Sequence<'t> {
    /// The items of `brackets` (both included), each known by where its value
    /// ends.
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

    /// Puts `new` before the item of this number, or behind the last.
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

    /// A blank between two items of a line, if there is one between the first two.
    fn gap(&self) -> &'static str {
        let first = self.items.first().and_then(|item| item.comma);
        let next = self.items.get(1).map(|item| item.range.start);
        if first.is_some() && first == next {
            ""
        } else {
            " "
        }
    }

    /// Takes the item of this number away.
    pub(crate) fn remove(&self, index: usize) -> TextEdit {
        let item = &self.items[index];
        let end = item.comma.unwrap_or(item.range.end);
        let previous = index.checked_sub(1).and_then(|at| self.items[at].comma);
        // The comma before a last item is only there because of it.
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

    /// A line for `new`, indented as the line at `like`.
    fn line(&self, like: usize, new: &str, comma: &str) -> String {
        let (indent, end) = (indent(self.text, like), line_end(self.text));
        format!("{indent}{new}{comma}{end}")
    }

    /// True if the item shares its lines with nothing but its comma and a comment.
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

    /// The bytes of an only item; of equal blanks around it, one side goes too,
    /// since [`Sequence::insert`] doubles what is between empty brackets.
    fn only(&self, start: usize, end: usize) -> Range<usize> {
        let before = &self.text[self.inner.start..start];
        let after = &self.text[end..self.inner.end];
        let doubled = before == after && self.is_blank(end..self.inner.end);
        start..if doubled { self.inner.end } else { end }
    }

    /// True if there are only spaces and tabs.
    fn is_blank(&self, range: Range<usize>) -> bool {
        self.text[range].chars().all(|c| c == ' ' || c == '\t')
    }

    fn blanks_until(&self, from: usize, most: usize) -> usize {
        let between = &self.text[from..most];
        from + between.len() - between.trim_start_matches([' ', '\t']).len()
    }
}

/// Takes the comma that ends here away too.
fn without_comma(comma: Option<usize>, rest: TextEdit) -> TextEdit {
    match comma {
        Some(end) => TextEdit::delete(end - 1..end)
            .and(rest)
            .expect("a comma stands before the next item"),
        None => rest,
    }
}

/// The next byte that is neither blank nor in a comment.
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
