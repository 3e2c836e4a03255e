//! A list on one line that becomes one item a line, as nixfmt has it, and its way back.
//!
//! A marker behind the item that was put in says that the list was on one line: the text
//! alone tells what to give back.

use std::ops::Range;

use rnix::ast::{self, BinOpKind};
use rowan::ast::AstNode;

use crate::nix::edit::list::has_comment;
use crate::nix::edit::marker;
use crate::nix::layout;
use crate::nix::literal::Literal;
use crate::nix::range::{bytes, range_of};
use crate::text::TextEdit;

/// The edit that puts an item into a list of one item on one line; `None` where the list is
/// in another form, or not the first thing that is bound on its line.
pub(super) fn expanded(text: &str, list: &ast::List, item: &Literal) -> Option<TextEdit> {
    let range = range_of(list.syntax());
    let mut items = list.items();
    let (Some(only), None) = (items.next(), items.next()) else {
        return None;
    };
    let binding = list
        .syntax()
        .ancestors()
        .find_map(ast::AttrpathValue::cast)?;
    let start = range_of(binding.syntax()).start;
    let is_on_a_line = !text[start..range.end].contains('\n') && !has_comment(list);
    if !is_on_a_line || !layout::is_first_on_line(text, start) {
        return None;
    }
    let indent = layout::indent_of_line(text, start);
    let (step, line_break) = (layout::indent_step(text), line_break(text, start));
    let only = &text[range_of(only.syntax())];
    let rows = format!(
        "[{line_break}{indent}{step}{only}{line_break}{indent}{step}{item}{}{line_break}{indent}]",
        marker::LINE
    );
    let all = TextEdit::replace(range, rows);
    match blanks_before_operator(list) {
        Some(blanks) => all
            .and(TextEdit::replace(blanks, format!("{line_break}{indent}")))
            .ok(),
        None => Some(all),
    }
}

/// `expr` → `[ item ] ++ expr`, each operand of an expression of several lines on lines of
/// its own.
pub(super) fn in_front(text: &str, expr: Range<usize>, item: &Literal) -> String {
    let binding = layout::line_start(text, expr.start);
    let indent = layout::indent_of_line(text, binding);
    let (step, line_break) = (layout::indent_step(text), line_break(text, binding));
    if !text[expr].contains('\n') {
        return format!("[ {item} ] ++ ");
    }
    format!("[{line_break}{indent}{step}{item}{line_break}{indent}]{line_break}{indent}++ ")
}

/// The edit that takes the item out again and gives the list its one line back; `None` if
/// the list was not on one line, or is no longer as it was made.
pub(super) fn collapsed(text: &str, list: &ast::List, item: &ast::Expr) -> Option<TextEdit> {
    let taken = range_of(item.syntax());
    let marker = marker::behind(text, taken.end)?;
    let items: Vec<ast::Expr> = list.items().collect();
    let [only, added] = items.as_slice() else {
        return None;
    };
    let range = range_of(list.syntax());
    let between = [
        &text[range.start + 1..range_of(only.syntax()).start],
        &text[range_of(only.syntax()).end..taken.start],
        &text[marker.end..range.end - 1],
    ];
    if added.syntax() != item.syntax() || !between.iter().all(|part| layout::is_blank(part)) {
        return None;
    }
    let all = TextEdit::replace(range, format!("[ {only} ]"));
    match blanks_before_operator(list) {
        Some(blanks) => all.and(TextEdit::replace(blanks, " ")).ok(),
        None => Some(all),
    }
}

/// The blanks between a list and the `++` behind it.
fn blanks_before_operator(list: &ast::List) -> Option<Range<usize>> {
    let sum = ast::BinOp::cast(list.syntax().parent()?)?;
    let is_left = sum.lhs().is_some_and(|left| left.syntax() == list.syntax());
    if sum.operator() != Some(BinOpKind::Concat) || !is_left {
        return None;
    }
    let end = range_of(list.syntax()).end;
    let tokens = sum.syntax().children_with_tokens();
    let mut behind = tokens.skip_while(|child| bytes(child.text_range()).start < end);
    let blanks = bytes(behind.next()?.as_token()?.text_range());
    let is_next = behind.next()?.as_token()?.text() == "++";
    is_next.then_some(blanks)
}

fn line_break(text: &str, at: usize) -> &'static str {
    layout::line_break(text, layout::line_end(text, at))
}
