//! The literal lists that a value is made of, and the place for one more item.

use rnix::SyntaxKind;
use rnix::ast::{self, BinOpKind};
use rowan::ast::AstNode;

use crate::nix::describe::called;
use crate::nix::layout;
use crate::nix::literal::Literal;
use crate::nix::place::RowPlace;
use crate::nix::rows::Rows;
use crate::nix::unwrap::{concatenated, value};

/// How a value that should be a list is given.
pub(super) enum Shape {
    /// It has a literal list that an item can be put into.
    Literal(ast::List),
    /// It is computed: a list of ours goes in front, `[ x ] ++ …`.
    Computed(ast::Expr),
    /// `mkForce`, `mkIf` and the like: what is inside is meant to be so.
    Wrapped(ast::Expr),
    /// It cannot be a list.
    Other(ast::Expr),
}

/// Calls that leave a list's items what they are and only order them.
const ORDERING: [&str; 3] = ["mkBefore", "mkAfter", "mkOrder"];
/// Calls that set a priority or a condition (`lib/modules.nix` of nixpkgs).
const DECIDING: [&str; 10] = [
    "mkForce",
    "mkDefault",
    "mkOverride",
    "mkIf",
    "mkMerge",
    "mkVMOverride",
    "mkImageMediaOverride",
    "mkOptionDefault",
    "mkAssert",
    "mkFixStrictness",
];

/// Reads the shape of a value.
pub(super) fn shape(bound: ast::Expr) -> Shape {
    let whole = under_ordering(bound);
    let operands = concatenated(&whole);
    let is_chain = operands.len() > 1;
    let mut lists = operands
        .iter()
        .enumerate()
        .filter_map(|(index, operand)| match operand {
            ast::Expr::List(list) => Some((index, list)),
            _ => None,
        });
    // An empty first operand is passed over: `[ ours ] ++ x` is what we make of `x` alone.
    let usable = lists
        .clone()
        .find(|(_, list)| list.items().next().is_some())
        .or_else(|| lists.find(|(index, list)| *index > 0 || !is_chain || has_comment(list)));
    if let Some((_, list)) = usable {
        return Shape::Literal(list.clone());
    }
    match &whole {
        ast::Expr::Apply(apply) if calls(apply, &DECIDING) => Shape::Wrapped(whole),
        expr if may_be_list(expr) => Shape::Computed(whole),
        _ => Shape::Other(whole),
    }
}

/// True if `[ x ] ++ expr` needs parentheses around `expr`.
pub(super) fn needs_parens(expr: &ast::Expr) -> bool {
    match expr {
        ast::Expr::BinOp(op) => op.operator() != Some(BinOpKind::Concat),
        ast::Expr::IfElse(_)
        | ast::Expr::Lambda(_)
        | ast::Expr::LegacyLet(_)
        | ast::Expr::LetIn(_)
        | ast::Expr::With(_)
        | ast::Expr::Assert(_) => true,
        _ => false,
    }
}

/// The place for an item: in order if the list is in order, else at its end.
pub(super) fn place_for(text: &str, list: &ast::List, item: &Literal) -> Option<RowPlace> {
    let rows = Rows::of_list(list)?;
    if let Some(end) = end_of_sorted_block(text, &rows) {
        return Some(rows.place_behind(text, end));
    }
    if !is_sorted(text, list, &rows) {
        return Some(rows.last_place(text));
    }
    let mut before = rows
        .each
        .iter()
        .filter(|row| text[(*row).clone()] < *item.as_str());
    Some(match before.next_back() {
        Some(previous) => rows.place_after(text, previous),
        None => rows.first_place(text),
    })
}

/// Where the comment ends that ends a `keep-sorted` block, if the last item is in one: what
/// is not its people's is not in it.
fn end_of_sorted_block(text: &str, rows: &Rows) -> Option<usize> {
    let last = rows.each.last()?;
    let rest = &text[last.end..rows.end];
    let at = last.end + rest.find("keep-sorted end")?;
    Some(layout::line_end(text, at).min(rows.end))
}

/// True if a list holds a comment.
pub(super) fn has_comment(list: &ast::List) -> bool {
    list.syntax()
        .children_with_tokens()
        .any(|child| child.kind() == SyntaxKind::TOKEN_COMMENT)
}

/// At least three paths in order, and neither groups nor comments between them.
fn is_sorted(text: &str, list: &ast::List, rows: &Rows) -> bool {
    let all_paths = list
        .items()
        .all(|item| matches!(item, ast::Expr::PathRel(_)));
    let inside = &text[rows.start..rows.end];
    let plain = !has_comment(list) && !inside.replace('\r', "").contains("\n\n");
    let in_order = rows
        .each
        .windows(2)
        .all(|two| text[two[0].clone()] < text[two[1].clone()]);
    rows.each.len() >= 3 && all_paths && plain && in_order
}

fn under_ordering(bound: ast::Expr) -> ast::Expr {
    let mut expr = value(bound);
    while let ast::Expr::Apply(apply) = &expr {
        let Some(argument) = apply.argument().filter(|_| calls(apply, &ORDERING)) else {
            return expr;
        };
        expr = value(argument);
    }
    expr
}

fn calls(apply: &ast::Apply, names: &[&str]) -> bool {
    called(apply).is_some_and(|name| {
        let last = name.rsplit('.').next().unwrap_or(&name);
        names.contains(&last)
    })
}

fn may_be_list(expr: &ast::Expr) -> bool {
    match expr {
        ast::Expr::Apply(_)
        | ast::Expr::Select(_)
        | ast::Expr::Ident(_)
        | ast::Expr::IfElse(_)
        | ast::Expr::LegacyLet(_) => true,
        ast::Expr::BinOp(op) => matches!(
            op.operator(),
            Some(BinOpKind::Concat | BinOpKind::PipeLeft | BinOpKind::PipeRight)
        ),
        _ => false,
    }
}
