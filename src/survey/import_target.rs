//! What an item of `imports` means, by how it is written.

use rnix::ast::{self, Expr, InterpolPart};

use crate::nix::static_name;
use crate::survey::facts::ImportTarget;
use crate::survey::lookup::path_text;

/// A file by its literal path, something of an input by its name, or neither.
pub(super) fn import_target(item: &Expr) -> ImportTarget {
    match path_text(item) {
        Some(path) => ImportTarget::File(path),
        None if is_of_input(item) => ImportTarget::OfInput,
        None => ImportTarget::Computed,
    }
}

/// `inputs.NAME…`, `<nixpkgs/…>`, and paths below `modulesPath` or an input.
fn is_of_input(item: &Expr) -> bool {
    match item {
        Expr::Paren(paren) => paren.expr().is_some_and(|inner| is_of_input(&inner)),
        Expr::PathSearch(_) => true,
        Expr::Ident(ident) => ident.to_string() == "modulesPath",
        Expr::Select(select) => is_input(select),
        Expr::Str(string) => match string.normalized_parts().into_iter().next() {
            Some(InterpolPart::Interpolation(first)) => {
                first.expr().is_some_and(|first| is_of_input(&first))
            }
            _ => false,
        },
        Expr::BinOp(op) if op.operator() == Some(ast::BinOpKind::Add) => {
            op.lhs().is_some_and(|left| is_of_input(&left))
        }
        _ => false,
    }
}

/// `inputs.NAME` and what is below; `inputs.self` is the repository.
fn is_input(select: &ast::Select) -> bool {
    let base = matches!(select.expr(), Some(Expr::Ident(base)) if base.to_string() == "inputs");
    let first = select.attrpath().and_then(|path| path.attrs().next());
    base && first
        .and_then(|first| static_name(&first))
        .is_some_and(|name| name != "self")
}
