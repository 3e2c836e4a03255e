//! The paths that are written in a file: as literals, and as texts behind one.

use std::ops::Range;

use rnix::ast::{self, BinOpKind};
use rnix::{NodeOrToken, SyntaxKind, SyntaxNode, SyntaxToken};
use rowan::ast::AstNode;

use crate::nix::attr::static_string;
use crate::nix::file::NixFile;
use crate::nix::meaning::{is_whole_path, path_text};
use crate::nix::range::bytes;
use crate::nix::unwrap::without_parens;

/// A path as far as it is written out: all of it, or its folders where the rest is
/// computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathUse {
    /// It begins in the flake's folder (`self + "/hosts"`); else in the file's own.
    pub from_flake: bool,
    /// The path to which the text is added: `./hosts` of `./hosts + "/pai"`.
    pub base: String,
    /// The text itself.
    pub text: String,
    /// The bytes of the text.
    pub range: Range<usize>,
}

/// Every path of the file that begins beside it or in the flake's folder.
pub fn path_uses(file: &NixFile) -> Vec<PathUse> {
    let nodes = file.syntax().descendants();
    nodes.filter_map(|node| path_use(&node)).collect()
}

fn path_use(node: &SyntaxNode) -> Option<PathUse> {
    match ast::Expr::cast(node.clone())? {
        path @ ast::Expr::PathRel(_) if is_whole_path(&path) => {
            let first = node.first_token()?;
            Base::default().with(&first, SyntaxKind::TOKEN_PATH_REL)
        }
        ast::Expr::Str(string) => of_string(&string),
        _ => None,
    }
}

/// `"${self}/hosts/pai"`, or the text of `./hosts + "/pai"`.
fn of_string(string: &ast::Str) -> Option<PathUse> {
    let mut parts = string.syntax().children_with_tokens();
    let first = parts.find(|part| part.kind() != SyntaxKind::TOKEN_STRING_START)?;
    let (base, text) = match first {
        NodeOrToken::Node(hole) => (
            Base::of(&ast::Interpol::cast(hole)?.expr()?)?,
            parts.next()?.into_token()?,
        ),
        NodeOrToken::Token(text) => (Base::added_to(string)?, text),
    };
    base.with(&text, SyntaxKind::TOKEN_STRING_CONTENT)
        .filter(|it| it.text.starts_with('/') && !it.text.contains(['\\', '\'', '"']))
}

/// Where a path begins that a text is added to.
#[derive(Default)]
struct Base {
    from_flake: bool,
    path: String,
}

impl Base {
    fn of(expr: &ast::Expr) -> Option<Self> {
        let path = |path| Self {
            from_flake: false,
            path,
        };
        match without_parens(expr.clone()) {
            literal @ ast::Expr::PathRel(_) => path_text(&literal).map(path),
            ast::Expr::Ident(_) | ast::Expr::Select(_) => {
                const FLAKE: [&str; 4] =
                    ["self", "self.outPath", "inputs.self", "inputs.self.outPath"];
                FLAKE.contains(&expr.to_string().trim()).then(|| Self {
                    from_flake: true,
                    path: String::new(),
                })
            }
            ast::Expr::BinOp(sum) if sum.operator() == Some(BinOpKind::Add) => {
                let base = Self::of(&sum.lhs()?)?;
                let ast::Expr::Str(text) = without_parens(sum.rhs()?) else {
                    return None;
                };
                let path = base.path + &static_string(&text)?;
                Some(Self { path, ..base })
            }
            _ => None,
        }
    }

    /// What a string is added to with `+`.
    fn added_to(string: &ast::Str) -> Option<Self> {
        let mut around = string.syntax().ancestors().skip(1);
        let sum = around.find(|node| node.kind() != SyntaxKind::NODE_PAREN)?;
        let sum = ast::BinOp::cast(sum).filter(|sum| sum.operator() == Some(BinOpKind::Add))?;
        let is_added = sum
            .rhs()?
            .syntax()
            .text_range()
            .contains_range(string.syntax().text_range());
        is_added.then(|| Self::of(&sum.lhs()?)).flatten()
    }

    /// The path with a text; before something computed only its folders count.
    fn with(self, token: &SyntaxToken, kind: SyntaxKind) -> Option<PathUse> {
        if token.kind() != kind {
            return None;
        }
        let text = token.text();
        let next = token.next_sibling_or_token();
        let is_open = next.is_some_and(|next| next.kind() == SyntaxKind::NODE_INTERPOL);
        let end = if is_open {
            text.rfind('/')? + 1
        } else {
            text.len()
        };
        let start = bytes(token.text_range()).start;
        Some(PathUse {
            from_flake: self.from_flake,
            base: self.path,
            text: text[..end].to_owned(),
            range: start..start + end,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_in_every_form() {
        let text = r#"{ self, f }: [
          ./a.nix (../b + "/c.nix") "${self}/d/${f}.nix" (self + "/e") ./f/${f}/x ./g-${f}
          "/h" "${f}/i" (f + "/j") <k> /l ~/m "${./n}/o" ((./. + "/p") + "/q")
        ]"#;
        let file = NixFile::parse(text).unwrap();
        let uses: Vec<_> = path_uses(&file)
            .into_iter()
            .map(|it| {
                assert_eq!(text[it.range.clone()], it.text);
                format!(
                    "{}{}|{}",
                    if it.from_flake { "@" } else { "" },
                    it.base,
                    it.text
                )
            })
            .collect();
        let expected = [
            "|./a.nix",
            "|../b",
            "./../b|/c.nix",
            "@|/d/",
            "@|/e",
            "|./f/",
            "|./",
            "././n|/o",
            "|./n",
            "|./.",
            "././.|/p",
            "./././p|/q",
        ];
        assert_eq!(uses, expected);
    }
}
