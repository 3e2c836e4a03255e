//! What a function is called where it is used.

use rnix::ast::Expr;

use crate::nix::static_name;

/// The last name of a function: `mkForce` of `lib.mkForce`.
pub(super) fn function_name(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Ident(ident) => Some(ident.to_string()),
        Expr::Select(select) => static_name(&select.attrpath()?.attrs().last()?),
        Expr::Paren(paren) => function_name(&paren.expr()?),
        _ => None,
    }
}
