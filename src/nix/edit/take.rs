//! Settings that people wrote and that something else says from now on.

use std::ops::Range;

use rnix::ast::{self, BinOpKind, HasEntry};
use rnix::{SyntaxKind, SyntaxNode};
use rowan::ast::AstNode;

use crate::nix::attr::{AttrPath, static_name};
use crate::nix::describe::called;
use crate::nix::edit::checked;
use crate::nix::edit::entry::row_at;
use crate::nix::file::NixFile;
use crate::nix::layout;
use crate::nix::range::range_of;
use crate::nix::refusal::Refusal;
use crate::nix::rows::Rows;
use crate::text::TextEdit;

/// A part of a file that is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// The binding that gives an option the value at these bytes.
    Value {
        /// The bytes of the value.
        range: Range<usize>,
        /// The option: `nix.sshServe.enable`.
        option: AttrPath,
    },
    /// One item of the list that is given to an option.
    Item {
        /// The bytes of the item.
        range: Range<usize>,
        /// The option: `nix.settings.substituters`.
        option: AttrPath,
    },
    /// Whole lines of a string.
    Lines(Range<usize>),
}

/// Takes every piece out; a list or set that is left empty goes with the binding
/// that holds it, as far as that is about the option.
///
/// Comments inside of what goes go along; all others stay.
///
/// # Errors
/// When a piece does not stand there by itself: a `let` or another setting may have
/// it from the same place.
pub fn take_out(file: &NixFile, pieces: &[Piece]) -> Result<NixFile, Refusal> {
    let mut cuts = Vec::new();
    let mut rows = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Value { range, option } => rows.push(Row::of_value(file, range, option)?),
            Piece::Item { range, option } => rows.push(Row::of_item(file, range, option)?),
            Piece::Lines(range) => cuts.push(Cut::Bytes(range.clone())),
        }
    }
    cuts.extend(spread(rows));
    apply(file, cuts)
}

/// What goes at once.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Cut {
    /// An entry of a set or list, with the lines and blanks that are its own.
    Row(Range<usize>),
    /// Exactly these bytes.
    Bytes(Range<usize>),
}

/// An entry of a set or list that goes.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    node: SyntaxNode,
    /// How many of the option's names stand around it.
    names_above: usize,
}

impl Row {
    fn of_value(file: &NixFile, range: &Range<usize>, option: &AttrPath) -> Result<Self, Refusal> {
        let value = file.expr_at(range);
        let binding = value.and_then(|value| holder(value.syntax()));
        let wanted = option.names();
        let gives = |binding: &ast::AttrpathValue| names_down_to(binding).ends_with(wanted);
        let Some(binding) = binding.filter(gives) else {
            return Err(used_elsewhere(option, range));
        };
        Ok(Self {
            names_above: wanted.len().saturating_sub(count_names(&binding)),
            node: binding.syntax().clone(),
        })
    }

    fn of_item(file: &NixFile, range: &Range<usize>, option: &AttrPath) -> Result<Self, Refusal> {
        let item = file
            .expr_at(range)
            .map(|item| item.syntax().clone())
            .filter(|item| {
                item.parent()
                    .is_some_and(|list| is(&list, SyntaxKind::NODE_LIST))
            });
        let names_above = option.names().len();
        let row = |node| Self { node, names_above };
        item.map(row).ok_or_else(|| used_elsewhere(option, range))
    }
}

fn used_elsewhere(option: &AttrPath, range: &Range<usize>) -> Refusal {
    let message = format!("`{option}` has this from a place that may serve others too");
    Refusal::new(message, range.clone())
}

/// The rows, and instead of all rows of a list or set the binding that it is for.
fn spread(mut rows: Vec<Row>) -> Vec<Cut> {
    let mut cuts = Vec::new();
    let mut next = 0;
    while let Some(row) = rows.get(next).cloned() {
        next += 1;
        let Some(emptied) = emptied_around(&row.node, &rows) else {
            continue;
        };
        match above(&emptied, row.names_above) {
            Some(outer) if !rows.contains(&outer) => rows.push(outer),
            Some(_) => {}
            None => cuts.extend(operand(&emptied)),
        }
    }
    cuts.extend(rows.iter().map(|row| Cut::Row(range_of(&row.node))));
    cuts
}

/// The largest list or set around a row of which nothing is left.
fn emptied_around(row: &SyntaxNode, rows: &[Row]) -> Option<SyntaxNode> {
    let container = row.parent()?;
    let around = container.ancestors();
    around.take_while(|node| is_emptied(node, rows)).last()
}

fn is_emptied(node: &SyntaxNode, rows: &[Row]) -> bool {
    let goes = |entry: &SyntaxNode| rows.iter().any(|row| row.node == *entry);
    if let Some(set) = ast::AttrSet::cast(node.clone()) {
        return set.entries().all(|entry| goes(entry.syntax()));
    }
    if let Some(list) = ast::List::cast(node.clone()) {
        return list.items().all(|item| goes(item.syntax()));
    }
    if let Some(paren) = ast::Paren::cast(node.clone()) {
        return paren.expr().is_some_and(|e| is_emptied(e.syntax(), rows));
    }
    let chain = ast::BinOp::cast(node.clone()).filter(is_concat);
    chain.is_some_and(|chain| {
        let sides = [chain.lhs(), chain.rhs()].into_iter().flatten();
        sides
            .into_iter()
            .all(|side| is_emptied(side.syntax(), rows))
    })
}

/// The binding of a value of which nothing is left, if it says nothing but a part of
/// the option's name.
fn above(value: &SyntaxNode, names_above: usize) -> Option<Row> {
    let binding = holder(value)?;
    let names = names_of(&binding);
    let more = names.len().saturating_sub(names_above);
    let is_of_the_option = names_above > 0 && names.iter().take(more).all(|n| n == "config");
    is_of_the_option.then(|| Row {
        node: binding.syntax().clone(),
        names_above: names_above.saturating_sub(names.len()),
    })
}

/// `[ ] ++ rest` → `rest`.
fn operand(list: &SyntaxNode) -> Option<Cut> {
    let chain = ast::BinOp::cast(list.parent()?).filter(is_concat)?;
    let (left, right) = (chain.lhs()?, chain.rhs()?);
    let has_comment = |token: &rnix::NodeOrToken<_, _>| matches!(token, rnix::NodeOrToken::Token(token) if is_comment(token));
    if chain
        .syntax()
        .children_with_tokens()
        .any(|t| has_comment(&t))
    {
        return None;
    }
    let (left, right) = (range_of(left.syntax()), range_of(right.syntax()));
    let own = range_of(list);
    Some(Cut::Bytes(if own == left {
        own.start..right.start
    } else {
        left.end..own.end
    }))
}

fn is_comment(token: &rnix::SyntaxToken) -> bool {
    token.kind() == SyntaxKind::TOKEN_COMMENT
}

fn is_concat(chain: &ast::BinOp) -> bool {
    chain.operator() == Some(BinOpKind::Concat)
}

fn is(node: &SyntaxNode, kind: SyntaxKind) -> bool {
    node.kind() == kind
}

/// The binding that a value is given by, behind what only sets its priority, its
/// condition or its names.
fn holder(value: &SyntaxNode) -> Option<ast::AttrpathValue> {
    const WRAPPERS: &[&str] = &[
        "mkForce",
        "mkDefault",
        "mkOverride",
        "mkBefore",
        "mkAfter",
        "mkOrder",
        "mkIf",
    ];
    let mut inner = value.clone();
    for node in value.ancestors().skip(1) {
        let passes = match node.kind() {
            SyntaxKind::NODE_ATTRPATH_VALUE => return ast::AttrpathValue::cast(node),
            SyntaxKind::NODE_PAREN => true,
            SyntaxKind::NODE_WITH | SyntaxKind::NODE_LET_IN => is_body(&node, &inner),
            SyntaxKind::NODE_APPLY => ast::Apply::cast(node.clone()).is_some_and(|apply| {
                let name = called(&apply).unwrap_or_default();
                let last = name.rsplit('.').next().unwrap_or_default();
                WRAPPERS.contains(&last) && is_argument(&apply, &inner)
            }),
            _ => false,
        };
        if !passes {
            return None;
        }
        inner = node;
    }
    None
}

fn is_body(binder: &SyntaxNode, inner: &SyntaxNode) -> bool {
    let body = ast::With::cast(binder.clone()).and_then(|it| it.body());
    let body = body.or_else(|| ast::LetIn::cast(binder.clone())?.body());
    body.is_some_and(|body| body.syntax() == inner)
}

fn is_argument(apply: &ast::Apply, inner: &SyntaxNode) -> bool {
    apply.argument().is_some_and(|last| last.syntax() == inner)
}

/// The names from the file's outermost set down to a binding; those above a `let`
/// are of something else.
fn names_down_to(binding: &ast::AttrpathValue) -> Vec<String> {
    let mut names = Vec::new();
    for node in binding.syntax().ancestors() {
        if is(&node, SyntaxKind::NODE_LET_IN) && names.is_empty() {
            break;
        }
        let Some(around) = ast::AttrpathValue::cast(node.clone()) else {
            continue;
        };
        names.splice(0..0, names_of(&around));
        if node
            .parent()
            .is_some_and(|set| is(&set, SyntaxKind::NODE_LET_IN))
        {
            break;
        }
    }
    names
}

/// The names of a binding; one that is computed is none that is asked for.
fn names_of(binding: &ast::AttrpathValue) -> Vec<String> {
    let path = binding.attrpath();
    let attrs = path
        .iter()
        .flat_map(|path| path.attrs().collect::<Vec<_>>());
    attrs
        .map(|attr| static_name(&attr).unwrap_or_else(|| "${}".to_owned()))
        .collect()
}

fn count_names(binding: &ast::AttrpathValue) -> usize {
    names_of(binding).len()
}

/// From the end to the begin, so that what is left to do stays where it was found.
fn apply(file: &NixFile, mut cuts: Vec<Cut>) -> Result<NixFile, Refusal> {
    cuts.sort_by_key(|cut| (cut.range().start, std::cmp::Reverse(cut.range().end)));
    cuts.dedup();
    let mut outermost: Vec<Cut> = Vec::new();
    for cut in cuts {
        let is_inside = |outer: &Cut| outer.range().end >= cut.range().end;
        if !outermost.last().is_some_and(is_inside) {
            outermost.push(cut);
        }
    }
    outermost.iter().rev().try_fold(file.clone(), |file, cut| {
        let edit = cut.edit(&file)?;
        let after = checked(&file, edit)?.apply(file.text());
        let lost = |_| {
            Refusal::new(
                "larder found no safe way to take this out",
                cut.range().clone(),
            )
        };
        NixFile::parse(after).map_err(lost)
    })
}

impl Cut {
    fn range(&self) -> &Range<usize> {
        match self {
            Self::Row(range) | Self::Bytes(range) => range,
        }
    }

    fn edit(&self, file: &NixFile) -> Result<TextEdit, Refusal> {
        match self {
            Self::Bytes(range) => Ok(TextEdit::delete(range.clone())),
            Self::Row(range) => {
                let (rows, _) = row_at(file, range)?;
                Ok(row_removal(file.text(), &rows, range))
            }
        }
    }
}

/// The row; on lines of its own with the blank lines that would be too many.
fn row_removal(text: &str, rows: &Rows, row: &Range<usize>) -> TextEdit {
    let is_alone =
        layout::is_first_on_line(text, row.start) && layout::is_last_on_line(text, row.end);
    if !is_alone {
        return rows.remove(text, row, 0);
    }
    let before = layout::space_before(text, row.start).start;
    let behind = layout::space_after(text, row.end).end;
    let (start, end) = (
        layout::line_start(text, row.start),
        layout::next_line(text, row.end),
    );
    if behind == rows.end {
        return TextEdit::delete(layout::next_line(text, before).min(start)..end);
    }
    let is_parted = layout::next_line(text, before) < start;
    let end = if is_parted || before == rows.start {
        layout::line_start(text, behind)
    } else {
        end
    };
    TextEdit::delete(start..end)
}

#[cfg(test)]
mod tests;
