//! What an item of `imports` means, by how it is written.

use rnix::ast::{self, Expr, InterpolPart};

use crate::nix::{relative_path, static_name};
use crate::survey::facts::ImportTarget;
use crate::survey::function_name::function_name;
use crate::survey::unread::NIXPKGS;

/// A file by its literal path, something of an input by its name, or neither.
pub(super) fn import_target(item: &Expr) -> ImportTarget {
    match relative_path(item).or_else(|| imported(item)) {
        Some(path) => ImportTarget::File(path),
        None => input_of(item).map_or(ImportTarget::Computed, ImportTarget::OfInput),
    }
}

/// The path in `import ./x.nix`. With arguments, what the file says depends on them.
fn imported(item: &Expr) -> Option<String> {
    match item {
        Expr::Paren(paren) => imported(&paren.expr()?),
        Expr::Apply(apply) => match function_name(&apply.lambda()?)?.as_str() {
            "import" => relative_path(&apply.argument()?),
            _ => None,
        },
        _ => None,
    }
}

/// The input in `inputs.NAME…`, `<nixpkgs/…>`, and paths below `modulesPath` or an input.
fn input_of(item: &Expr) -> Option<String> {
    match item {
        Expr::Paren(paren) => input_of(&paren.expr()?),
        Expr::PathSearch(path) => {
            let path = path.to_string();
            let name = path.trim_matches(['<', '>']).split('/').next();
            name.map(str::to_owned)
        }
        Expr::Ident(ident) => (ident.to_string() == "modulesPath").then(|| NIXPKGS.to_owned()),
        Expr::Select(select) => selected(select),
        Expr::Str(string) => match string.normalized_parts().into_iter().next() {
            Some(InterpolPart::Interpolation(first)) => input_of(&first.expr()?),
            _ => None,
        },
        Expr::BinOp(op) if op.operator() == Some(ast::BinOpKind::Add) => input_of(&op.lhs()?),
        _ => None,
    }
}

/// `inputs.NAME` and what is below; `inputs.self` is the repository.
fn selected(select: &ast::Select) -> Option<String> {
    let base = matches!(select.expr(), Some(Expr::Ident(base)) if base.to_string() == "inputs");
    let first = select.attrpath().and_then(|path| path.attrs().next());
    let name = first.and_then(|first| static_name(&first));
    name.filter(|name| base && name != "self")
}
