//! Expressions in the words of the people who wrote them.

use rnix::ast;

/// What an expression is, for a message: ``a call of `lib.mkIf` ``.
pub(in crate::nix) fn describe(expr: &ast::Expr) -> String {
    match expr {
        ast::Expr::Apply(apply) => match called(apply) {
            Some(name) => format!("a call of `{name}`"),
            None => "a call".to_owned(),
        },
        ast::Expr::IfElse(_) => "an `if`".to_owned(),
        ast::Expr::Select(_) | ast::Expr::Ident(_) | ast::Expr::Literal(_) => {
            format!("`{}`", shortened(&expr.to_string()))
        }
        ast::Expr::List(_) => "a list".to_owned(),
        ast::Expr::AttrSet(_) => "an attribute set".to_owned(),
        ast::Expr::Str(_) => "a string".to_owned(),
        ast::Expr::PathAbs(_)
        | ast::Expr::PathRel(_)
        | ast::Expr::PathHome(_)
        | ast::Expr::PathSearch(_) => "a path".to_owned(),
        ast::Expr::Lambda(_) => "a function".to_owned(),
        ast::Expr::LegacyLet(_) => "a `let { … }`".to_owned(),
        _ => "a computed value".to_owned(),
    }
}

/// The function that an application calls, if it is a name: `lib.mkForce` in `lib.mkForce a b`.
pub(in crate::nix) fn called(apply: &ast::Apply) -> Option<String> {
    let mut function = apply.lambda()?;
    while let ast::Expr::Apply(inner) = &function {
        function = inner.lambda()?;
    }
    match function {
        ast::Expr::Ident(_) | ast::Expr::Select(_) => Some(shortened(&function.to_string())),
        _ => None,
    }
}

fn shortened(text: &str) -> String {
    let line: Vec<&str> = text.split_whitespace().collect();
    let line = line.join(" ");
    if line.chars().count() <= 40 {
        return line;
    }
    line.chars().take(39).chain(['…']).collect()
}
