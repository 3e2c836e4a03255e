//! What stands one after another between two brackets: the items of a list, the
//! bindings of a set or of a `let`.
//!
//! Insertion and removal are each other's inverse, and the text alone says so:
//! what is inserted brings its own separation with it, in front, and removal
//! takes exactly that. A row on a line of its own comes and goes as whole lines.

use std::ops::Range;

use rnix::ast::{self, HasEntry};
use rnix::{SyntaxKind, SyntaxNode};
use rowan::ast::AstNode;

use crate::nix::layout;
use crate::nix::place::RowPlace;
use crate::nix::range::{bytes, range_of};
use crate::text::TextEdit;

/// The rows between two brackets.
#[derive(Debug, Clone)]
pub(in crate::nix) struct Rows {
    /// Where the inside begins, right behind the opening bracket.
    pub(in crate::nix) start: usize,
    /// Where the inside ends, right before the closing bracket.
    pub(in crate::nix) end: usize,
    /// The rows' bytes, first one first.
    pub(in crate::nix) each: Vec<Range<usize>>,
}

impl Rows {
    pub(in crate::nix) fn of_list(list: &ast::List) -> Option<Self> {
        Some(Self {
            start: bytes(list.l_brack_token()?.text_range()).end,
            end: bytes(list.r_brack_token()?.text_range()).start,
            each: list.items().map(|item| range_of(item.syntax())).collect(),
        })
    }

    pub(in crate::nix) fn of_set(set: &ast::AttrSet) -> Option<Self> {
        Some(Self {
            start: bytes(set.l_curly_token()?.text_range()).end,
            end: bytes(set.r_curly_token()?.text_range()).start,
            each: set
                .entries()
                .map(|entry| range_of(entry.syntax()))
                .collect(),
        })
    }

    fn of_let(bindings: &ast::LetIn) -> Option<Self> {
        Some(Self {
            start: bytes(bindings.let_token()?.text_range()).end,
            end: bytes(bindings.in_token()?.text_range()).start,
            each: bindings
                .entries()
                .map(|entry| range_of(entry.syntax()))
                .collect(),
        })
    }

    /// The rows that a list, a set or a `let` holds.
    pub(in crate::nix) fn of(node: &SyntaxNode) -> Option<Self> {
        match node.kind() {
            SyntaxKind::NODE_LIST => Self::of_list(&ast::List::cast(node.clone())?),
            SyntaxKind::NODE_ATTR_SET => Self::of_set(&ast::AttrSet::cast(node.clone())?),
            SyntaxKind::NODE_LET_IN => Self::of_let(&ast::LetIn::cast(node.clone())?),
            _ => None,
        }
    }

    /// The place before the first row, or between empty brackets.
    pub(in crate::nix) fn first_place(&self, text: &str) -> RowPlace {
        let trailing = layout::trailing(text, self.start);
        if !trailing.goes_on {
            return RowPlace::line_below(
                text,
                trailing.end,
                &self.first_indent(text, trailing.end),
            );
        }
        let at = if self.each.is_empty() {
            trailing.end
        } else {
            self.start
        };
        let space = layout::space_after(text, at);
        let is_tight = space.is_empty() && at == self.start;
        RowPlace::Inline {
            at,
            before: if is_tight { "" } else { " " },
            behind: if is_tight && !self.each.is_empty() {
                " "
            } else {
                ""
            },
        }
    }

    /// The place right behind a row and the comment on its line.
    pub(in crate::nix) fn place_after(&self, text: &str, row: &Range<usize>) -> RowPlace {
        let trailing = layout::trailing(text, row.end);
        if trailing.goes_on {
            return RowPlace::Inline {
                at: trailing.end,
                before: " ",
                behind: "",
            };
        }
        RowPlace::line_below(text, trailing.end, &self.indent_beside(text, row))
    }

    /// The place on the line below a comment that stands behind the rows.
    pub(in crate::nix) fn place_behind(&self, text: &str, comment: usize) -> RowPlace {
        match self.each.last() {
            Some(last) => RowPlace::line_below(text, comment, &self.indent_beside(text, last)),
            None => self.place_after_comments(text),
        }
    }

    /// The place behind the last row, or between empty brackets.
    pub(in crate::nix) fn last_place(&self, text: &str) -> RowPlace {
        match self.each.last() {
            Some(last) => self.place_after(text, last),
            None => self.place_after_comments(text),
        }
    }

    /// The edit that takes a row out, with up to so many blank lines before it.
    ///
    /// Comments around the row stay, those on its line too.
    pub(in crate::nix) fn remove(
        &self,
        text: &str,
        row: &Range<usize>,
        blank_lines: usize,
    ) -> TextEdit {
        let first = layout::is_first_on_line(text, row.start);
        let last = layout::is_last_on_line(text, row.end);
        if first && last {
            return TextEdit::delete(whole_lines(text, row, blank_lines));
        }
        let before = layout::space_before(text, row.start);
        let behind = layout::space_after(text, row.end);
        let closes = behind.end == self.end;
        if first && (!closes || layout::ends_in_line_comment(self.gap_before(text, row))) {
            return TextEdit::delete(row.start..behind.end);
        }
        if !before.is_empty() {
            return TextEdit::delete(before.start..row.end);
        }
        if before.start == self.start && !closes && !last {
            return TextEdit::delete(row.start..behind.end);
        }
        let must_part = behind.is_empty() && before.start != self.start && !closes;
        TextEdit::replace(row.clone(), if must_part { " " } else { "" })
    }

    /// Blank lines between the rows around `index`, the row there not counted.
    pub(in crate::nix) fn separation(
        &self,
        text: &str,
        index: usize,
        skip: Option<usize>,
    ) -> usize {
        let others: Vec<&Range<usize>> = self
            .each
            .iter()
            .enumerate()
            .filter(|(at, _)| Some(*at) != skip)
            .map(|(_, row)| row)
            .collect();
        let anchor = &self.each[index];
        let Some(position) = others.iter().position(|row| *row == anchor) else {
            return 0;
        };
        if let Some(previous) = position.checked_sub(1).map(|at| others[at]) {
            return layout::blank_lines_after(text, previous.end);
        }
        // The gap behind the anchor; with a row of ours in between, the one behind that.
        match (others.get(position + 1), skip) {
            (Some(_), Some(ours)) if ours == index + 1 => {
                layout::blank_lines_after(text, self.each[ours].end)
            }
            (Some(_), _) => layout::blank_lines_after(text, anchor.end),
            (None, _) => 0,
        }
    }

    /// The row at exactly these bytes.
    pub(in crate::nix) fn index_of(&self, range: &Range<usize>) -> Option<usize> {
        self.each.iter().position(|row| row == range)
    }

    fn gap_before<'a>(&self, text: &'a str, row: &Range<usize>) -> &'a str {
        let previous = self.each.iter().rev().find(|other| other.end <= row.start);
        &text[previous.map_or(self.start, |previous| previous.end)..row.start]
    }

    /// Behind the last comment between brackets that hold nothing else.
    fn place_after_comments(&self, text: &str) -> RowPlace {
        let inside = &text[self.start..self.end];
        let content = self.start + inside.trim_end_matches([' ', '\t', '\r', '\n']).len();
        if content == self.start || layout::trailing(text, self.start).end >= content {
            return self.first_place(text);
        }
        if layout::is_last_on_line(text, content) {
            let line = layout::line_start(text, content);
            return RowPlace::line_below(text, content, layout::indent_of_line(text, line));
        }
        RowPlace::Inline {
            at: content,
            before: " ",
            behind: "",
        }
    }

    /// The indentation of the first thing below the opening line, or one step more than that.
    fn first_indent(&self, text: &str, opening: usize) -> String {
        let below = layout::space_after(text, opening).end;
        if below < self.end {
            return layout::column_indent(text, below);
        }
        let indent = layout::indent_of_line(text, self.end);
        format!("{indent}{}", layout::indent_step(text))
    }

    /// The column of the first row on the row's line.
    fn indent_beside(&self, text: &str, row: &Range<usize>) -> String {
        let line = layout::line_start(text, row.start);
        let first = self.each.iter().find(|other| other.start >= line);
        layout::column_indent(text, first.unwrap_or(row).start)
    }
}

fn whole_lines(text: &str, row: &Range<usize>, blank_lines: usize) -> Range<usize> {
    let mut start = layout::line_start(text, row.start);
    for _ in 0..blank_lines {
        let Some(above) = start.checked_sub(1).map(|at| layout::line_start(text, at)) else {
            break;
        };
        if !layout::is_blank(&text[above..start]) {
            break;
        }
        start = above;
    }
    start..layout::next_line(text, row.end)
}
