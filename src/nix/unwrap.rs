//! Looking through what only binds names or groups.

use rnix::ast::{self, BinOpKind};

use crate::nix::describe::called;

/// One operand of a chain of `//`.
pub(in crate::nix) enum Side {
    /// A literal attribute set.
    Set(ast::AttrSet),
    /// One of these literal sets, or nothing: `lib.optionalAttrs c { … }`, `if c then { … } else { … }`.
    Maybe(ast::Expr, Vec<ast::AttrSet>),
    /// Anything else: its attributes are not in the text.
    Computed(ast::Expr),
}

/// The expression behind arguments, `let`, `with`, `assert` and parentheses.
pub(in crate::nix) fn under_binders(mut expr: ast::Expr) -> ast::Expr {
    loop {
        let inner = match &expr {
            ast::Expr::Lambda(lambda) => lambda.body(),
            other => under_one(other),
        };
        match inner {
            Some(inner) => expr = inner,
            None => return expr,
        }
    }
}

/// The value behind `let`, `with`, `assert` and parentheses.
pub(in crate::nix) fn value(mut expr: ast::Expr) -> ast::Expr {
    while let Some(inner) = under_one(&expr) {
        expr = inner;
    }
    expr
}

/// The value behind parentheses only.
pub(in crate::nix) fn without_parens(mut expr: ast::Expr) -> ast::Expr {
    while let ast::Expr::Paren(paren) = &expr {
        let Some(inner) = paren.expr() else {
            return expr;
        };
        expr = inner;
    }
    expr
}

/// The operands of a chain of `//`, left to right; a lone expression is a chain of one.
pub(in crate::nix) fn sides(expr: &ast::Expr) -> Vec<Side> {
    let mut sides = Vec::new();
    collect_operands(expr, BinOpKind::Update, &mut |operand| {
        sides.push(match operand {
            ast::Expr::AttrSet(set) => Side::Set(set),
            other => match conditional_sets(&other) {
                Some(sets) => Side::Maybe(other, sets),
                None => Side::Computed(other),
            },
        });
    });
    sides
}

fn conditional_sets(expr: &ast::Expr) -> Option<Vec<ast::AttrSet>> {
    let branches = match expr {
        ast::Expr::IfElse(choice) => vec![choice.body()?, choice.else_body()?],
        ast::Expr::Apply(apply) => {
            let name = called(apply)?;
            let is_optional = name.rsplit('.').next() == Some("optionalAttrs");
            vec![apply.argument().filter(|_| is_optional)?]
        }
        _ => return None,
    };
    branches
        .into_iter()
        .map(|branch| match value(branch) {
            ast::Expr::AttrSet(set) => Some(set),
            _ => None,
        })
        .collect()
}

/// The operands of a chain of `++`, left to right; a lone expression is a chain of one.
pub(in crate::nix) fn concatenated(expr: &ast::Expr) -> Vec<ast::Expr> {
    let mut operands = Vec::new();
    collect_operands(expr, BinOpKind::Concat, &mut |operand| {
        operands.push(operand);
    });
    operands
}

fn collect_operands(expr: &ast::Expr, kind: BinOpKind, found: &mut dyn FnMut(ast::Expr)) {
    let mut pending = vec![expr.clone()];
    while let Some(next) = pending.pop() {
        let next = value(next);
        match &next {
            ast::Expr::BinOp(op) if op.operator() == Some(kind) => {
                pending.extend([op.rhs(), op.lhs()].into_iter().flatten());
            }
            _ => found(next),
        }
    }
}

fn under_one(expr: &ast::Expr) -> Option<ast::Expr> {
    match expr {
        ast::Expr::LetIn(it) => it.body(),
        ast::Expr::With(it) => it.body(),
        ast::Expr::Assert(it) => it.body(),
        ast::Expr::Paren(it) => it.expr(),
        _ => None,
    }
}
