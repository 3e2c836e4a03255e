//! When two expressions say the same without being evaluated.

use rnix::SyntaxKind;
use rnix::ast::{self, AstToken, BinOpKind, InterpolPart};
use rowan::ast::AstNode;

use crate::nix::attr::static_string;
use crate::nix::tokens::code_tokens;
use crate::nix::unwrap::without_parens;

/// True if both are the same path, the same string, or spelt with the same tokens.
///
/// `./a`, `(./a)`, `././b/../a` and `(./. + "/a")` are the same path.
pub(in crate::nix) fn same(a: &ast::Expr, b: &ast::Expr) -> bool {
    meaning(a) == meaning(b)
}

/// True if both are paths into the same folder beside the file or above it:
/// `./larder/hosts/a.nix` and `./larder/b.nix`.
pub(in crate::nix) fn share_folder(a: &ast::Expr, b: &ast::Expr) -> bool {
    let (a, b) = (folder(a), folder(b));
    a.is_some() && a == b
}

fn folder(expr: &ast::Expr) -> Option<Vec<String>> {
    let Meaning::Path(mut parts) = meaning(expr) else {
        return None;
    };
    let named = parts.iter().position(|part| part != "..")?;
    let is_inside = parts.len() > named + 1;
    parts.truncate(named + 1);
    is_inside.then_some(parts)
}

#[derive(PartialEq)]
enum Meaning {
    Path(Vec<String>),
    String(String),
    Tokens(Vec<String>),
}

fn meaning(expr: &ast::Expr) -> Meaning {
    let expr = without_parens(expr.clone());
    if let Some(path) = path_text(&expr) {
        return Meaning::Path(components(&path));
    }
    if let ast::Expr::Str(string) = &expr
        && let Some(text) = static_string(string)
    {
        return Meaning::String(text);
    }
    Meaning::Tokens(code_tokens(expr.syntax()))
}

/// The text of a relative path that has no interpolation; `path + "/string"` counts.
pub fn relative_path(expr: &ast::Expr) -> Option<String> {
    path_text(expr).filter(|path| path.starts_with('.'))
}

/// The text of a path that has no interpolation; `path + "/string"` counts.
pub(in crate::nix) fn path_text(expr: &ast::Expr) -> Option<String> {
    match expr {
        path if !is_whole_path(path) => None,
        ast::Expr::PathRel(path) => parts_text(path.parts()).map(|text| format!("./{text}")),
        ast::Expr::PathAbs(path) => parts_text(path.parts()),
        ast::Expr::PathHome(path) => parts_text(path.parts()),
        ast::Expr::Paren(_) => path_text(&without_parens(expr.clone())),
        ast::Expr::BinOp(op) if op.operator() == Some(BinOpKind::Add) => {
            let base = path_text(&op.lhs()?)?;
            match without_parens(op.rhs()?) {
                ast::Expr::Str(tail) => Some(base + &static_string(&tail)?),
                _ => None,
            }
        }
        _ => None,
    }
}

/// False for what the parser takes for one path and Nix for several things: a path
/// with blanks in it, which its own `parts` cannot take apart.
pub fn is_whole_path(expr: &ast::Expr) -> bool {
    let is_path = matches!(
        expr,
        ast::Expr::PathRel(_) | ast::Expr::PathAbs(_) | ast::Expr::PathHome(_)
    );
    let is_part = |kind: SyntaxKind| {
        matches!(
            kind,
            SyntaxKind::TOKEN_PATH_REL
                | SyntaxKind::TOKEN_PATH_ABS
                | SyntaxKind::TOKEN_PATH_HOME
                | SyntaxKind::NODE_INTERPOL
        )
    };
    let mut parts = expr.syntax().children_with_tokens();
    !is_path || parts.all(|part| is_part(part.kind()))
}

fn parts_text(parts: Vec<InterpolPart<ast::PathContent>>) -> Option<String> {
    parts
        .into_iter()
        .map(|part| match part {
            InterpolPart::Literal(text) => Some(text.syntax().text().to_owned()),
            InterpolPart::Interpolation(_) => None,
        })
        .collect()
}

/// The components with `.` and `x/..` folded; the first is empty for an absolute path.
fn components(path: &str) -> Vec<String> {
    let mut out: Vec<&str> = Vec::new();
    for (index, part) in path.split('/').enumerate() {
        match part {
            "" if index == 0 => out.push(""),
            "" | "." => {}
            ".." if out
                .last()
                .is_some_and(|last| !matches!(*last, "" | ".." | "~")) =>
            {
                out.pop();
            }
            _ => out.push(part),
        }
    }
    out.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nix::NixFile;

    #[track_caller]
    fn check(a: &str, b: &str, expected: bool) {
        let (a, b) = (NixFile::parse(a).unwrap(), NixFile::parse(b).unwrap());
        assert_eq!(same(&a.expr(), &b.expr()), expected);
    }

    #[test]
    fn paths_are_what_they_name() {
        for spelling in [
            "./a/b.nix",
            "(./a/b.nix)",
            "a/b.nix",
            "././c/../a/b.nix",
            "(./. + \"/a/b.nix\")",
        ] {
            check("./a/b.nix", spelling, true);
        }
        check("./a", "/a", false);
        check("./a", "../a", false);
        check("./a", "\"./a\"", false);
        check("./a", "./${a}", false);
    }

    #[test]
    fn paths_into_one_folder() {
        let check = |a: &str, b: &str| {
            let (a, b) = (NixFile::parse(a).unwrap(), NixFile::parse(b).unwrap());
            share_folder(&a.expr(), &b.expr())
        };
        assert!(check("../larder/a.nix", "../larder/hosts/b.nix"));
        assert!(!check("../larder/a.nix", "./larder/a.nix"));
        assert!(!check("./a.nix", "./a.nix"));
        assert!(!check("./larder/a.nix", "\"./larder/a.nix\""));
    }

    #[test]
    fn strings_are_what_they_say() {
        check(r#""a\n""#, "''a\n''", true);
        check(r#""a${b}""#, r#""a${b}""#, true);
        check(r#""a${b}""#, r#""a${c}""#, false);
    }

    #[test]
    fn anything_else_is_its_tokens() {
        check("f x", "(f /* why */\n  x)", true);
        check("f x", "f y", false);
    }
}
