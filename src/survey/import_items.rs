//! The items of an `imports` list, whatever the list is put together from.

use rnix::ast::{self, Expr};

use crate::survey::function_name::function_name;

/// One item, and whether it stands under a condition.
pub(super) struct ImportItem {
    pub(super) expr: Expr,
    pub(super) is_conditional: bool,
}

/// The items of a list that is written out, joined, or made by functions of lists. What
/// cannot be followed is one item as a whole.
pub(super) fn import_items(list: &Expr, is_conditional: bool) -> Vec<ImportItem> {
    let mut items = Vec::new();
    of_list(list, is_conditional, &mut items);
    items
}

fn of_list(list: &Expr, is_conditional: bool, out: &mut Vec<ImportItem>) {
    let parts = match list {
        Expr::List(list) => {
            list.items()
                .for_each(|item| of_item(&item, is_conditional, out));
            return;
        }
        Expr::BinOp(op) if op.operator() == Some(ast::BinOpKind::Concat) => [op.lhs(), op.rhs()],
        Expr::Paren(paren) => [paren.expr(), None],
        Expr::With(with) => [with.body(), None],
        Expr::LetIn(let_in) => [let_in.body(), None],
        Expr::IfElse(choice) => {
            for side in [choice.body(), choice.else_body()].into_iter().flatten() {
                of_list(&side, true, out);
            }
            return;
        }
        Expr::Apply(apply) => return applied(apply, is_conditional, out),
        other => return push(other, is_conditional, out),
    };
    for part in parts.into_iter().flatten() {
        of_list(&part, is_conditional, out);
    }
}

/// The functions that leave the items of a list as they are, or leave all of them out.
fn applied(apply: &ast::Apply, is_conditional: bool, out: &mut Vec<ImportItem>) {
    let function = apply.lambda();
    let inner = match &function {
        Some(Expr::Apply(inner)) => inner.lambda(),
        _ => None,
    };
    let name = inner.as_ref().or(function.as_ref()).and_then(function_name);
    match (name.as_deref(), inner.is_some(), apply.argument()) {
        (Some("optional"), true, Some(item)) => of_item(&item, true, out),
        (Some("optionals"), true, Some(list)) => of_list(&list, true, out),
        (Some("singleton"), false, Some(item)) => of_item(&item, is_conditional, out),
        (Some("flatten" | "concatLists" | "unique"), false, Some(list)) => {
            of_list(&list, is_conditional, out);
        }
        _ => push(&Expr::Apply(apply.clone()), is_conditional, out),
    }
}

fn of_item(item: &Expr, is_conditional: bool, out: &mut Vec<ImportItem>) {
    match item {
        // A list in a list, for `flatten`.
        Expr::List(_) => of_list(item, is_conditional, out),
        Expr::IfElse(choice) => {
            for side in [choice.body(), choice.else_body()].into_iter().flatten() {
                of_item(&side, true, out);
            }
        }
        Expr::Paren(paren) => match paren.expr() {
            // `(import ./x.nix { … })`
            Some(Expr::Apply(_)) | None => push(item, is_conditional, out),
            Some(inner) => of_item(&inner, is_conditional, out),
        },
        other => push(other, is_conditional, out),
    }
}

fn push(expr: &Expr, is_conditional: bool, out: &mut Vec<ImportItem>) {
    out.push(ImportItem {
        expr: expr.clone(),
        is_conditional,
    });
}
