//! The layout of values in a template: that of nixfmt.

use rnix::SyntaxNode;
use rnix::ast;
use rowan::ast::AstNode;

use crate::nix::file::range_of;
use crate::nix::layout;
use crate::nix::literal::Literal;
use crate::nix::reindent::reindent;
use crate::nix::rows::Rows;
use crate::text::TextEdit;

/// A literal of several lines, moved to the line it goes to.
pub(super) fn indented(template: &str, at: usize, literal: &Literal) -> String {
    reindent(literal.as_str(), layout::indent_of_line(template, at), "\n")
}

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
    let is_long = items.len() > 1 || lines.contains('\n');
    if !on_own_line && is_alone && is_long {
        return TextEdit::replace(inside, format!("\n{indent}{lines}\n{outer}"));
    }
    TextEdit::replace(range, lines)
}
