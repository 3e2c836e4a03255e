//! Can a name be defined twice in a file at all? Told at a glance.
//!
//! [`duplicates`](crate::nix::duplicates) is exact and reads every set as Nix
//! does. Almost no file needs that: two definitions only collide where one path
//! begins with the other, and this is seen without making a cursor of each node.

use rnix::{NixLanguage, SyntaxKind};
use rowan::{GreenNodeData, GreenTokenData, Language, NodeOrToken};

type Element<'a> = NodeOrToken<&'a GreenNodeData, &'a GreenTokenData>;

/// False only if no set, `let` or argument list of the file names anything twice.
pub(in crate::nix) fn may_repeat(root: &GreenNodeData) -> bool {
    let mut todo = vec![root];
    while let Some(node) = todo.pop() {
        if repeats(node) {
            return true;
        }
        todo.extend(node.children().filter_map(NodeOrToken::into_node));
    }
    false
}

fn repeats(node: &GreenNodeData) -> bool {
    let mut paths = match kind_of(node) {
        SyntaxKind::NODE_ATTR_SET | SyntaxKind::NODE_LET_IN | SyntaxKind::NODE_LEGACY_LET => {
            defined(node)
        }
        SyntaxKind::NODE_PATTERN => arguments(node),
        _ => return false,
    };
    // In order, a path that others begin with stands right before one of them.
    paths.sort_unstable();
    let escaped = |path: &Path<'_>| path.iter().any(|name| name.contains('\\'));
    paths.iter().any(escaped) || paths.windows(2).any(|two| two[1].starts_with(&two[0]))
}

type Path<'a> = Vec<&'a str>;

/// What a name is written with.
const NAMES: &[SyntaxKind] = &[
    SyntaxKind::TOKEN_IDENT,
    SyntaxKind::TOKEN_OR,
    SyntaxKind::TOKEN_STRING_CONTENT,
];

fn defined(set: &GreenNodeData) -> Vec<Path<'_>> {
    let mut paths = Vec::new();
    for entry in nodes(set) {
        match kind_of(entry) {
            SyntaxKind::NODE_ATTRPATH_VALUE => {
                paths.extend(of_kind(entry, SyntaxKind::NODE_ATTRPATH).map(names));
            }
            SyntaxKind::NODE_INHERIT => {
                let from = |node: &&GreenNodeData| kind_of(node) != SyntaxKind::NODE_INHERIT_FROM;
                paths.extend(nodes(entry).filter(from).map(|attr| vec![name(attr)]));
            }
            _ => {}
        }
    }
    paths
}

fn arguments(pattern: &GreenNodeData) -> Vec<Path<'_>> {
    let parts = nodes(pattern).filter_map(|part| nodes(part).next());
    parts.map(|ident| vec![name(ident)]).collect()
}

fn names(path: &GreenNodeData) -> Path<'_> {
    nodes(path).map(name).collect()
}

/// What a name is made of: `a` for `a`, `"a"` and `${"a"}`; whatever is computed
/// may come out equal to its neighbour, and the exact reading decides.
fn name(attr: &GreenNodeData) -> &str {
    let mut todo: Vec<Element<'_>> = attr.children().collect();
    todo.reverse();
    while let Some(element) = todo.pop() {
        match element {
            NodeOrToken::Token(token) => {
                let kind = NixLanguage::kind_from_raw(token.kind());
                if NAMES.contains(&kind) {
                    return token.text();
                }
            }
            NodeOrToken::Node(node) => {
                let before = todo.len();
                todo.extend(node.children());
                todo[before..].reverse();
            }
        }
    }
    ""
}

fn of_kind(node: &GreenNodeData, kind: SyntaxKind) -> impl Iterator<Item = &GreenNodeData> {
    nodes(node).filter(move |child| kind_of(child) == kind)
}

fn kind_of(node: &GreenNodeData) -> SyntaxKind {
    NixLanguage::kind_from_raw(node.kind())
}

fn nodes(node: &GreenNodeData) -> impl Iterator<Item = &GreenNodeData> {
    node.children().filter_map(NodeOrToken::into_node)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nix::NixFile;

    fn check(text: &str, expected: bool) {
        let file = NixFile::parse(text).unwrap();
        assert_eq!(may_repeat(file.syntax().green()), expected, "{text}");
    }

    #[test]
    fn ordinary_files_need_no_second_look() {
        check("{ a.b = 1; a.c = 2; ab = 3; d = { a = 1; }; }", false);
        check("let a = 1; in { inherit a; inherit (x) b c; }", false);
        check("{ a, b ? 1, ... }@c: { ${a} = 1; ${b} = 2; }", false);
    }

    #[test]
    fn a_name_that_begins_another_is_looked_at() {
        check("{ a.b = 1; a.c = 2; a = 3; }", true);
        check("{ x = { \"a\" = 1; a = 2; }; }", true);
        check("{ inherit (x) a; a.b = 1; }", true);
        check("{ a, a }: a", true);
        check("a@{ a }: a", true);
    }

    #[test]
    fn an_escape_may_mean_any_name() {
        check("{ \"\\a\" = 1; }", true);
    }
}
