//! Can a name be defined twice in a file at all? Told at a glance.
//!
//! [`duplicates`](crate::nix::duplicates) is exact and reads every set as Nix
//! does. Almost no file needs that: two definitions only collide where one path
//! begins with the other, and this is seen without making a cursor of each node.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;
use rnix::{NixLanguage, SyntaxKind};
use rowan::{GreenNodeData, GreenTokenData, Language, NodeOrToken};

use crate::nix::green::{kind_of, nodes, of_kind, plain_name};

type Element<'a> = NodeOrToken<&'a GreenNodeData, &'a GreenTokenData>;

/// Sets that are looked at one after the other. The attribute paths that one defines
/// are kept as hashes, in the same memory for all: equal names have equal ones.
#[derive(Default)]
pub(in crate::nix) struct Repeats {
    found: bool,
    whole: Vec<u64>,
    /// Of paths without their last names, one or more.
    begun: Vec<u64>,
    /// A name with an escape may be any name.
    any: bool,
}

impl Repeats {
    /// False only if no set, `let` or argument list that was looked at names anything
    /// twice.
    pub(in crate::nix) fn found(&self) -> bool {
        self.found
    }

    /// Looks at a node: not at what is below it.
    pub(in crate::nix) fn look_at(&mut self, node: &GreenNodeData) {
        self.whole.clear();
        self.begun.clear();
        self.any = false;
        match kind_of(node) {
            SyntaxKind::NODE_ATTR_SET | SyntaxKind::NODE_LET_IN | SyntaxKind::NODE_LEGACY_LET => {
                nodes(node).for_each(|entry| self.add_entry(entry));
            }
            SyntaxKind::NODE_PATTERN => {
                let arguments = nodes(node).filter_map(|part| nodes(part).next());
                arguments.for_each(|ident| self.add([ident]));
            }
            _ => return,
        }
        self.found |= self.any || self.whole.len() > 1 && self.repeat();
    }

    fn add_entry(&mut self, entry: &GreenNodeData) {
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

    fn add<'a>(&mut self, attrs: impl IntoIterator<Item = &'a GreenNodeData>) {
        let mut path = FixedState::default().build_hasher();
        let start = self.begun.len();
        for attr in attrs {
            let name = name(attr);
            self.any |= name.contains('\\');
            path.write(name.as_bytes());
            self.begun.push(path.finish());
        }
        if self.begun.len() > start {
            self.whole.extend(self.begun.pop());
        }
    }

    /// True if one of them may begin another, or be another.
    fn repeat(&mut self) -> bool {
        let Self { whole, begun, .. } = self;
        whole.sort_unstable();
        let is_there = |path: &u64| whole.binary_search(path).is_ok();
        whole.windows(2).any(|two| two[0] == two[1]) || begun.iter().any(is_there)
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
    use crate::nix::NixFile;

    fn check(text: &str, expected: bool) {
        let file = NixFile::parse(text).unwrap();
        assert_eq!(file.may_repeat(), expected, "{text}");
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
