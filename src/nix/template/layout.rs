//! The layout of values in a template: that of nixfmt.

use std::ops::Range;

use rnix::SyntaxNode;
use rnix::ast;
use rowan::ast::AstNode;

use crate::nix::layout;
use crate::nix::literal::Literal;
use crate::nix::range::range_of;
use crate::nix::reindent::reindent;
use crate::nix::rows::Rows;
use crate::text::TextEdit;

/// A literal of several lines, moved to the line it goes to.
pub(super) fn indented(template: &str, at: usize, literal: &Literal) -> String {
    reindent(literal.as_str(), layout::indent_of_line(template, at), "\n")
}

/// What nixfmt lets stand on one line, not counting its indentation.
const WIDTH: usize = 100;

/// The items in place of the placeholder: one a line, or `[ item ]` and `[ ]`
/// where the template's list is on one line and so short.
pub(super) fn expand_list(template: &str, placeholder: &SyntaxNode, items: &[Literal]) -> TextEdit {
    let list = placeholder.parent().and_then(ast::List::cast);
    let Some(rows) = list.as_ref().and_then(Rows::of_list) else {
        return TextEdit::empty();
    };
    let range = range_of(placeholder);
    let inside = rows.start..rows.end;
    let is_alone = list.is_some_and(|list| {
        list.syntax().children_with_tokens().count() <= 5 && rows.each.len() == 1
    });
    if items.is_empty() && is_alone {
        return TextEdit::replace(inside, " ");
    }
    if items.is_empty() {
        return rows.remove(template, &range, 0);
    }
    let on_own_line = layout::is_first_on_line(template, range.start);
    let outer = layout::indent_of_line(template, rows.start);
    let indent = if on_own_line {
        layout::column_indent(template, range.start)
    } else {
        format!("{outer}  ")
    };
    let lines: Vec<String> = items
        .iter()
        .map(|item| reindent(item.as_str(), &indent, "\n"))
        .collect();
    let lines = lines.join(&format!("\n{indent}"));
    let is_long =
        items.len() > 1 || lines.contains('\n') || width_with(template, &range, &lines) > WIDTH;
    if !on_own_line && is_alone && is_long {
        return TextEdit::replace(inside, format!("\n{indent}{lines}\n{outer}"));
    }
    TextEdit::replace(range, lines)
}

/// How wide the line of `range` is, without its indentation, when `text` stands in
/// its place.
fn width_with(template: &str, range: &Range<usize>, text: &str) -> usize {
    let before = &template[layout::line_start(template, range.start)..range.start];
    let behind = &template[range.end..layout::line_end(template, range.end)];
    let parts = [before.trim_start(), text, behind];
    parts.iter().map(|part| part.chars().count()).sum()
}
