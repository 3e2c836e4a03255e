//! Items of lists.

use std::ops::Range;

use rnix::SyntaxKind;
use rnix::ast::{self, BinOpKind};
use rowan::ast::AstNode;

use crate::nix::attr::AttrPath;
use crate::nix::edit::entry::remove_at;
use crate::nix::edit::list::{self, Shape};
use crate::nix::edit::{checked, expand, marker, parsed, refuse, set};
use crate::nix::file::NixFile;
use crate::nix::find::{self, Lookup};
use crate::nix::literal::Literal;
use crate::nix::meaning;
use crate::nix::range::range_of;
use crate::nix::refusal::Refusal;
use crate::nix::rows::Rows;
use crate::nix::scope::Scope;
use crate::text::TextEdit;

/// The form in which people keep the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// It is as it is written: what is put in is as what is beside it.
    AsWritten,
    /// nixfmt has it so: a list of two items has lines.
    Nixfmt,
}

/// As [`ensure_item_in`], in a file of which no form is known.
///
/// # Errors
/// As there.
pub fn ensure_item(
    file: &NixFile,
    scope: &Scope,
    at: &AttrPath,
    item: &Literal,
) -> Result<TextEdit, Refusal> {
    ensure_item_in(Style::AsWritten, file, scope, at, item)
}

/// Puts an item into the list at a path, which is created if it is absent.
///
/// Nothing to do if an item of the same meaning is there, however it is spelt.
/// The item goes to the end of the list, or in order if the list is in order; a
/// value that is computed gets `[ item ] ++` in front.
///
/// # Errors
/// When the text does not tell where the list is, or its author decided what is
/// in it (`mkForce`).
pub fn ensure_item_in(
    style: Style,
    file: &NixFile,
    scope: &Scope,
    at: &AttrPath,
    item: &Literal,
) -> Result<TextEdit, Refusal> {
    let body = scope.body(file)?;
    let names = scope.names(&body, at);
    let edit = match find::lookup(&body, &names) {
        Lookup::Bound { value, .. } if !items_like(&value, item).is_empty() => TextEdit::empty(),
        Lookup::Bound { value, .. } => insert(style, file.text(), value, at, item)?,
        Lookup::Absent(gap) => set::create_list(file.text(), &gap, item),
        Lookup::Blocked(obstacle) => return Err(refuse::list(&obstacle, at, item)),
    };
    checked(file, edit)
}

/// Takes an item out of the list at a path, and the list with it if it was
/// created for the item.
///
/// Nothing to do where there is no such item.
///
/// # Errors
/// When the result would not be what was there without the item.
pub fn ensure_no_item(
    file: &NixFile,
    scope: &Scope,
    at: &AttrPath,
    item: &Literal,
) -> Result<TextEdit, Refusal> {
    let body = scope.body(file)?;
    let Lookup::Bound { binding, value } = find::lookup(&body, &scope.names(&body, at)) else {
        return Ok(TextEdit::empty());
    };
    let found = items_like(&value, item);
    if found.is_empty() {
        return Ok(TextEdit::empty());
    }
    checked(file, take_out(file.text(), &binding, &value, &found))
}

/// Takes the item at exactly these bytes out of its list, and the list with it if it was
/// created for the item.
///
/// # Errors
/// When no item of a list is there, or the result would not be what was there without it.
pub fn remove_item_at(file: &NixFile, range: Range<usize>) -> Result<TextEdit, Refusal> {
    let item_of = |node| {
        let list = ast::List::cast(node)?;
        let item = list.items().find(|item| range_of(item.syntax()) == range)?;
        Some((list, item))
    };
    let nodes = file.node_at(&range).into_iter();
    let mut nodes = nodes.flat_map(|node| node.ancestors().collect::<Vec<_>>());
    let Some((list, item)) = nodes.find_map(item_of) else {
        return Err(Refusal::new("expected an item of a list here", range));
    };
    let around = list.syntax().ancestors().find_map(ast::AttrpathValue::cast);
    match around.and_then(|binding| Some((binding.value()?, binding))) {
        Some((value, binding)) => checked(
            file,
            take_out(file.text(), &binding, &value, &[(list, item)]),
        ),
        None => remove_at(file, range),
    }
}

fn insert(
    style: Style,
    text: &str,
    value: ast::Expr,
    at: &AttrPath,
    item: &Literal,
) -> Result<TextEdit, Refusal> {
    match list::shape(value) {
        Shape::Literal(list) => match bare_function(&list) {
            Some(range) => {
                let message = "Nix reads no function without parentheses in a list";
                Err(Refusal::new(message, range))
            }
            None => Ok(into(style, text, &list, item)),
        },
        Shape::Computed(expr) => Ok(compute(style, text, &expr, item)),
        Shape::Wrapped(expr) => Err(refuse::wrapped(&expr, at, item)),
        Shape::Other(expr) => Err(refuse::not_a_list(&expr, at, item)),
    }
}

fn into(style: Style, text: &str, list: &ast::List, item: &Literal) -> TextEdit {
    if style == Style::Nixfmt
        && let Some(edit) = expand::expanded(text, list, item)
    {
        return edit;
    }
    let place = list::place_for(text, list, item);
    place.map_or_else(TextEdit::empty, |place| {
        place.insert(text, item.as_str(), 0)
    })
}

/// A function among the items: the parser takes it, and all that follows for its
/// body. Nix does not.
fn bare_function(list: &ast::List) -> Option<Range<usize>> {
    let mut items = list.items();
    let function = items.find(|item| matches!(item, ast::Expr::Lambda(_)))?;
    Some(range_of(function.syntax()))
}

/// `expr` → `[ item ] ++ expr`.
fn compute(style: Style, text: &str, expr: &ast::Expr, item: &Literal) -> TextEdit {
    let range = range_of(expr.syntax());
    let front = match style {
        Style::AsWritten => format!("[ {item} ] ++ "),
        Style::Nixfmt => expand::in_front(text, range.clone(), item),
    };
    if !list::needs_parens(expr) {
        return TextEdit::insert(range.start, front);
    }
    TextEdit::insert(range.start, format!("{front}("))
        .and(TextEdit::insert(range.end, ")"))
        .expect("two insertions do not overlap")
}

/// `[ item ] ++ expr` → `expr`, if that is how the list came about.
fn uncompute(list: &ast::List) -> Option<TextEdit> {
    let chain = ast::BinOp::cast(list.syntax().parent()?)?;
    let is_first =
        chain.operator() == Some(BinOpKind::Concat) && chain.lhs()?.syntax() == list.syntax();
    let is_nested = chain
        .syntax()
        .parent()
        .is_some_and(|parent| parent.kind() == SyntaxKind::NODE_BIN_OP);
    let has_comment = chain
        .syntax()
        .children_with_tokens()
        .any(|child| child.kind() == SyntaxKind::TOKEN_COMMENT);
    if !is_first || is_nested || has_comment {
        return None;
    }
    let rest = chain.rhs()?;
    let range = range_of(rest.syntax());
    let front = TextEdit::delete(range_of(list.syntax()).start..range.start);
    let inner = match &rest {
        ast::Expr::Paren(paren) => paren.expr().filter(list::needs_parens),
        _ => None,
    };
    let Some(inner) = inner.map(|inner| range_of(inner.syntax())) else {
        return Some(front);
    };
    let hugs = inner.start == range.start + 1 && inner.end + 1 == range.end;
    let front = TextEdit::delete(range_of(list.syntax()).start..inner.start);
    let with_parens = TextEdit::delete(range.end - 1..range.end);
    if hugs {
        front.and(with_parens).ok()
    } else {
        None
    }
}

/// The items found, with all that came with them.
fn take_out(
    text: &str,
    binding: &ast::AttrpathValue,
    value: &ast::Expr,
    found: &[(ast::List, ast::Expr)],
) -> TextEdit {
    if let [(list, item)] = found
        && let Some(edit) = expand::collapsed(text, list, item)
    {
        return edit;
    }
    let marker = marker::behind(text, range_of(binding.syntax()).end);
    if let [(list, _)] = found
        && list.items().count() == 1
        && !list::has_comment(list)
    {
        let is_value = value.syntax() == list.syntax();
        if is_value && marker.is_some() {
            return set::remove(text, binding, marker.as_ref());
        }
        if let Some(edit) = uncompute(list) {
            return edit;
        }
    }
    let others_are_ours = found.iter().any(|(list, item)| has_sibling(list, item));
    let unmarked = marker.filter(|_| !others_are_ours);
    let start = unmarked.map_or_else(TextEdit::empty, TextEdit::delete);
    found.iter().fold(start, |edit, (list, item)| {
        let taken = Rows::of_list(list).map_or_else(TextEdit::empty, |rows| {
            remove_row(text, rows, &range_of(item.syntax()))
        });
        // Two equal neighbours may claim the blanks between them: one of them is left for another time.
        edit.clone().and(taken).unwrap_or(edit)
    })
}

/// Takes a row out, and the marker behind it.
fn remove_row(text: &str, mut rows: Rows, own: &Range<usize>) -> TextEdit {
    let marker = marker::behind(text, own.end);
    let row = own.start..marker.map_or(own.end, |marker| marker.end);
    let each = rows.each.iter_mut().filter(|other| *other == own);
    each.for_each(|other| *other = row.clone());
    rows.remove(text, &row, 0)
}

/// True if another item lies in the same folder: then the list is still here for us.
fn has_sibling(list: &ast::List, item: &ast::Expr) -> bool {
    list.items()
        .any(|other| !meaning::same(&other, item) && meaning::share_folder(&other, item))
}

/// Every item of this meaning in any literal list of the value, with its list.
fn items_like(value: &ast::Expr, item: &Literal) -> Vec<(ast::List, ast::Expr)> {
    let wanted = parsed(item);
    value
        .syntax()
        .descendants()
        .filter_map(ast::List::cast)
        .flat_map(|list| {
            let items: Vec<_> = list.items().collect();
            items.into_iter().map(move |item| (list.clone(), item))
        })
        .filter(|(_, item)| meaning::same(item, &wanted))
        .collect()
}
