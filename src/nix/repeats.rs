//! Can a name be defined twice in a file at all? Told at a glance.
//!
//! [`duplicates`](crate::nix::duplicates) is exact and reads every set as Nix
//! does. Almost no file needs that: two definitions only collide where one path
//! begins with the other, and this is seen without making a cursor of each node.

use std::ops::Range;

use rnix::{NixLanguage, SyntaxKind};
use rowan::{GreenNodeData, GreenTokenData, Language, NodeOrToken};

use crate::nix::green::{kind_of, nodes, of_kind, plain_name};

type Element<'a> = NodeOrToken<&'a GreenNodeData, &'a GreenTokenData>;

/// False only if no set, `let` or argument list of the file names anything twice.
pub(in crate::nix) fn may_repeat(root: &GreenNodeData) -> bool {
    let mut paths = Paths::default();
    let mut todo = vec![root];
    while let Some(node) = todo.pop() {
        paths.of(node);
        if paths.repeat() {
            return true;
        }
        todo.extend(nodes(node));
    }
    false
}

/// The attribute paths that one set defines, behind each other: the same memory for
/// every set of a file.
#[derive(Default)]
struct Paths<'a> {
    names: Vec<&'a str>,
    paths: Vec<Range<usize>>,
}

impl<'a> Paths<'a> {
    /// Those that a node defines, instead of those of the last one.
    fn of(&mut self, node: &'a GreenNodeData) {
        self.names.clear();
        self.paths.clear();
        match kind_of(node) {
            SyntaxKind::NODE_ATTR_SET | SyntaxKind::NODE_LET_IN | SyntaxKind::NODE_LEGACY_LET => {
                nodes(node).for_each(|entry| self.add_entry(entry));
            }
            SyntaxKind::NODE_PATTERN => {
                let arguments = nodes(node).filter_map(|part| nodes(part).next());
                arguments.for_each(|ident| self.add([ident]));
            }
            _ => {}
        }
    }

    fn add_entry(&mut self, entry: &'a GreenNodeData) {
        match kind_of(entry) {
            SyntaxKind::NODE_ATTRPATH_VALUE => {
                of_kind(entry, SyntaxKind::NODE_ATTRPATH).for_each(|path| self.add(nodes(path)));
            }
            SyntaxKind::NODE_INHERIT => {
                let from = |node: &&GreenNodeData| kind_of(node) != SyntaxKind::NODE_INHERIT_FROM;
                nodes(entry).filter(from).for_each(|attr| self.add([attr]));
            }
            _ => {}
        }
    }

    fn add(&mut self, attrs: impl IntoIterator<Item = &'a GreenNodeData>) {
        let start = self.names.len();
        self.names.extend(attrs.into_iter().map(name));
        self.paths.push(start..self.names.len());
    }

    /// True if one of them may begin another.
    fn repeat(&mut self) -> bool {
        let Self { names, paths } = self;
        let path = |range: &Range<usize>| &names[range.clone()];
        // In order, a path that others begin with stands right before one of them.
        paths.sort_unstable_by(|a, b| path(a).cmp(path(b)));
        let escaped = |name: &&str| name.contains('\\');
        let begins = |two: &[Range<usize>]| path(&two[1]).starts_with(path(&two[0]));
        names.iter().any(escaped) || paths.windows(2).any(begins)
    }
}

/// What a name is written with.
const NAMES: &[SyntaxKind] = &[
    SyntaxKind::TOKEN_IDENT,
    SyntaxKind::TOKEN_OR,
    SyntaxKind::TOKEN_STRING_CONTENT,
];

/// What a name is made of: `a` for `a`, `"a"` and `${"a"}`; whatever is computed
/// may come out equal to its neighbour, and the exact reading decides.
fn name(attr: &GreenNodeData) -> &str {
    if let Some(plain) = plain_name(attr) {
        return plain;
    }
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
