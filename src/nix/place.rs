//! The place for a new row, and what separates it from its neighbours.

use crate::nix::layout;
use crate::nix::reindent::reindent;
use crate::text::TextEdit;

/// Where a new row goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::nix) enum RowPlace {
    /// On lines of its own, behind the line that ends at `at`.
    Lines {
        at: usize,
        line_break: &'static str,
        indent: String,
    },
    /// Within a line, with a blank before or behind it.
    Inline {
        at: usize,
        before: &'static str,
        behind: &'static str,
    },
}

impl RowPlace {
    /// On the line below the one that holds `at`.
    pub(in crate::nix) fn line_below(text: &str, at: usize, indent: &str) -> Self {
        let at = layout::line_end(text, at);
        Self::Lines {
            at,
            line_break: layout::line_break(text, at),
            indent: indent.to_owned(),
        }
    }

    /// The edit that puts `text` there, behind so many blank lines.
    pub(in crate::nix) fn insert(&self, file: &str, text: &str, blank_lines: usize) -> TextEdit {
        match self {
            Self::Lines {
                at,
                line_break,
                indent,
            } => {
                let breaks = line_break.repeat(blank_lines + 1);
                let body = reindent(text, indent, line_break);
                TextEdit::insert(*at, format!("{breaks}{indent}{body}"))
            }
            Self::Inline { at, before, behind } => {
                let indent = layout::indent_of_line(file, *at);
                let line_break = layout::line_break(file, layout::line_end(file, *at));
                let body = reindent(text, indent, line_break);
                TextEdit::insert(*at, format!("{before}{body}{behind}"))
            }
        }
    }
}
