//! Names defined twice: the parser accepts them, Nix does not.

use std::collections::HashMap;
use std::collections::HashSet;
use std::ops::Range;

use rnix::SyntaxNode;
use rnix::ast::{self, HasEntry};
use rowan::ast::AstNode;

use serde::{Deserialize, Serialize};

use crate::nix::attr::{AttrPath, static_name};
use crate::nix::file::NixFile;
use crate::nix::range::range_of;
use crate::nix::unwrap::without_parens;

/// A name that is defined twice in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duplicate {
    /// The attribute path or argument, as Nix would print it.
    pub name: String,
    /// Where it is defined first.
    pub first: Range<usize>,
    /// Where it is defined again.
    pub second: Range<usize>,
}

/// What Nix itself refuses as "already defined" or "duplicate formal", in order of place.
///
/// Sets merge as Nix merges them (`addAttr` in its parser): `a = { x = 1; }; a.y = 2;`
/// is one set, and so is `a = { x = 1; }; a = { y = 2; };`. Older Nix (2.8 does)
/// refuses two such sets that share a set further down; newer Nix merges those
/// too, and so they are no finding here.
pub fn duplicates(file: &NixFile) -> Vec<Duplicate> {
    if !file.may_repeat() {
        return Vec::new();
    }
    let mut finder = Finder::default();
    for node in file.syntax().descendants() {
        finder.visit(&node);
    }
    finder.found.sort_by_key(|duplicate| duplicate.second.start);
    finder.found
}

#[derive(Default)]
struct Finder {
    found: Vec<Duplicate>,
    /// Sets that are the value of a binding: read together with it.
    read: HashSet<SyntaxNode>,
}

/// One name in a set.
struct DefinedName {
    at: Range<usize>,
    value: Value,
}

enum Value {
    Set(Names),
    Other,
}

type Names = HashMap<String, DefinedName>;

impl Finder {
    fn visit(&mut self, node: &SyntaxNode) {
        if let Some(pattern) = ast::Pattern::cast(node.clone()) {
            self.read_pattern(&pattern);
        }
        if self.read.contains(node) {
            return;
        }
        if let Some(set) = ast::AttrSet::cast(node.clone()) {
            self.read_entries(set.entries());
        } else if let Some(bindings) = ast::LetIn::cast(node.clone()) {
            self.read_entries(bindings.entries());
        } else if let Some(bindings) = ast::LegacyLet::cast(node.clone()) {
            self.read_entries(bindings.entries());
        }
    }

    fn read_pattern(&mut self, pattern: &ast::Pattern) {
        let bound = pattern.pat_bind().and_then(|bind| bind.ident());
        let arguments = pattern.pat_entries().filter_map(|entry| entry.ident());
        let mut seen: HashMap<String, Range<usize>> = HashMap::new();
        let mut all: Vec<ast::Ident> = bound.into_iter().chain(arguments).collect();
        all.sort_by_key(|ident| ident.syntax().text_range().start());
        for ident in all {
            let at = range_of(ident.syntax());
            match seen.get(&ident.to_string()) {
                Some(first) => self.report(ident.to_string(), first.clone(), at),
                None => drop(seen.insert(ident.to_string(), at)),
            }
        }
    }

    fn read_entries(&mut self, entries: impl Iterator<Item = ast::Entry>) -> Names {
        let mut names = Names::new();
        for entry in entries {
            match entry {
                ast::Entry::Inherit(inherit) => self.read_inherit(&mut names, &inherit),
                ast::Entry::AttrpathValue(binding) => self.read_binding(&mut names, &binding),
            }
        }
        names
    }

    fn read_inherit(&mut self, names: &mut Names, inherit: &ast::Inherit) {
        for attr in inherit.attrs() {
            let Some(name) = static_name(&attr) else {
                continue;
            };
            let at = range_of(attr.syntax());
            self.define(
                names,
                &name.clone(),
                name,
                DefinedName {
                    at,
                    value: Value::Other,
                },
            );
        }
    }

    fn read_binding(&mut self, names: &mut Names, binding: &ast::AttrpathValue) {
        let (Some(path), Some(value)) = (binding.attrpath(), binding.value()) else {
            return;
        };
        let value = self.read_value(value);
        let at = range_of(path.syntax());
        let attrs: Vec<Option<String>> = path.attrs().map(|attr| static_name(&attr)).collect();
        // A computed name opens a set of its own: nothing behind it can collide.
        let fixed: Vec<String> = attrs.iter().map_while(Clone::clone).collect();
        let is_fixed = fixed.len() == attrs.len();
        let whole = AttrPath::new(fixed.clone()).to_string();
        let way = if is_fixed {
            &fixed[..fixed.len() - 1]
        } else {
            &fixed[..]
        };
        let Some(inner) = self.descend(names, way, &whole, &at) else {
            return;
        };
        if let Some(last) = fixed.last().filter(|_| is_fixed) {
            self.define(inner, last, whole, DefinedName { at, value });
        }
    }

    fn read_value(&mut self, value: ast::Expr) -> Value {
        match without_parens(value) {
            ast::Expr::AttrSet(set) => {
                self.read.insert(set.syntax().clone());
                Value::Set(self.read_entries(set.entries()))
            }
            _ => Value::Other,
        }
    }

    fn descend<'a>(
        &mut self,
        mut names: &'a mut Names,
        way: &[String],
        whole: &str,
        at: &Range<usize>,
    ) -> Option<&'a mut Names> {
        for name in way {
            let step = names.entry(name.clone()).or_insert_with(|| DefinedName {
                at: at.clone(),
                value: Value::Set(Names::new()),
            });
            match &mut step.value {
                Value::Set(inner) => names = inner,
                Value::Other => {
                    self.report(whole.to_owned(), step.at.clone(), at.clone());
                    return None;
                }
            }
        }
        Some(names)
    }

    fn define(&mut self, names: &mut Names, name: &str, whole: String, new: DefinedName) {
        let Some(old) = names.get_mut(name) else {
            names.insert(name.to_owned(), new);
            return;
        };
        match (&mut old.value, new.value) {
            (Value::Set(old), Value::Set(more)) => {
                let mut more: Vec<(String, DefinedName)> = more.into_iter().collect();
                more.sort_by_key(|(_, definition)| definition.at.start);
                for (name, definition) in more {
                    let whole = format!("{whole}.{}", AttrPath::new([name.as_str()]));
                    self.define(old, &name, whole, definition);
                }
            }
            _ => self.report(whole, old.at.clone(), new.at),
        }
    }

    fn report(&mut self, name: String, first: Range<usize>, second: Range<usize>) {
        self.found.push(Duplicate {
            name,
            first,
            second,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names found, and whether real Nix agrees that something is wrong.
    #[track_caller]
    #[expect(clippy::disallowed_methods, reason = "the judge is Nix itself")]
    fn check(text: &str, expected: &[&str]) {
        let file = NixFile::parse(text).unwrap();
        let names: Vec<String> = duplicates(&file)
            .into_iter()
            .map(|found| found.name)
            .collect();
        assert_eq!(names, expected, "{text}");
        // Without a store of its own, Nix wants that of the machine, which is root's.
        let store = tempfile::tempdir().unwrap();
        let nix = std::process::Command::new("nix-instantiate")
            .env("NIX_STORE_DIR", store.path().join("store"))
            .env("NIX_STATE_DIR", store.path().join("var"))
            .args(["--parse", "--expr", &format!("a: b: c: f: ({text})")])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&nix.stderr);
        assert_eq!(nix.status.success(), expected.is_empty(), "{text}: {said}");
    }

    #[test]
    fn a_name_twice() {
        check("{ a = 1; a = 2; }", &["a"]);
        check("{ a = 1; \"a\" = 2; }", &["a"]);
        check("{ a = 1; ${\"a\"} = 2; }", &["a"]);
        check("{ a.b = 1; a.b = 2; }", &["a.b"]);
        check("let a = 1; a = 2; in a", &["a"]);
        check("[ (x: { a = { b = 1; b = 2; }; }) ]", &["b"]);
    }

    #[test]
    fn a_value_and_a_part_of_it() {
        check("{ a = 1; a.b = 2; }", &["a.b"]);
        check("{ a.b = 1; a = 2; }", &["a"]);
        check("{ a = f { }; a.b = 2; }", &["a.b"]);
    }

    #[test]
    fn sets_merge_as_nix_merges_them() {
        check("{ a = { x = 1; }; a.y = 2; }", &[]);
        check("{ a = { x = 1; }; a.x = 2; }", &["a.x"]);
        check("{ a.x = 1; a = { y = 2; }; }", &[]);
        check("{ a = { x = 1; }; a = { y = 2; }; }", &[]);
        check("{ a = { x = 1; }; a = { x = 2; }; }", &["a.x"]);
        check("{ a = { b.x = 1; }; a.b.y = 2; }", &[]);
        check("{ a = { b.x = 1; }; a = { b.x = 2; }; }", &["a.b.x"]);
        check("{ a = ({ x = 1; }); a.y = 2; }", &[]);
        check("{ a = rec { x = 1; }; a.y = 2; }", &[]);
    }

    #[test]
    fn newer_nix_merges_further_down() {
        let file = NixFile::parse("{ a = { b.x = 1; }; a = { b.y = 2; }; }").unwrap();
        assert_eq!(duplicates(&file), []);
    }

    #[test]
    fn what_is_inherited_counts() {
        check("{ inherit a; a = 1; }", &["a"]);
        check("{ a = 1; inherit a; }", &["a"]);
        check("{ inherit a; inherit (b) a; }", &["a"]);
        check("{ inherit a a; }", &["a"]);
        check("{ inherit a; a.b = 1; }", &["a.b"]);
        check("{ inherit a \"b\"; inherit (c) d; }", &[]);
    }

    #[test]
    fn arguments_twice() {
        check("{ a, a }: a", &["a"]);
        check("{ a ? 1, b, a }: a", &["a"]);
        check("a@{ a }: a", &["a"]);
        check("{ a }@a: a", &["a"]);
        check("{ a, b }@c: a", &[]);
    }

    #[test]
    fn computed_names_do_not_collide() {
        check("x: { ${x} = 1; ${x} = 2; }", &[]);
        check("x: { a.${x} = 1; a.b = 2; a.${x}.c = 1; }", &[]);
        check("x: { a = 1; a.${x} = 2; }", &["a"]);
    }
}
