//! Where in a file the module is.
//!
//! A module is an attribute set behind any number of arguments, `let`, `with`,
//! `assert` and parentheses. What is computed (a call, an `if`) has no place in
//! the text where an edit would be sure to count, and is refused by name.

use std::ops::Range;

use rnix::ast::{self, HasEntry};
use rowan::ast::AstNode;

use crate::nix::attr::{AttrPath, static_name};
use crate::nix::describe::describe;
use crate::nix::file::NixFile;
use crate::nix::find::{self, Lookup, ObstacleKind};
use crate::nix::range::range_of;
use crate::nix::refusal::Refusal;
use crate::nix::unwrap::{Side, concatenated, sides, under_binders};

/// Top-level names that stay outside `config` in a module that has one.
///
/// `lib/modules.nix` of nixpkgs (`unifyModuleSyntax`) lists them.
const STRUCTURE: [&str; 10] = [
    "_class",
    "_file",
    "key",
    "disabledModules",
    "imports",
    "options",
    "config",
    "meta",
    "freeformType",
    "require",
];

/// The attribute set, or chain of `//`, in which paths are looked up.
///
/// Valid for the text that it was made of, and for no other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    range: Range<usize>,
    is_module: bool,
    /// The names before every path, where a module is given in parts.
    prefix: Vec<String>,
}

impl Scope {
    /// The module that a file is.
    pub fn module(file: &NixFile) -> Result<Self, Refusal> {
        Self::of(&file.expr(), true)
    }

    /// The module that is the value of an attribute in the file's own set, as in
    /// `{ flake.modules.nixos.thor = { pkgs, ... }: { … }; }`, or that is given
    /// there in parts: `{ flake.modules.nixos.thor.imports = [ … ]; }`.
    pub fn nested(file: &NixFile, at: &AttrPath) -> Result<Self, Refusal> {
        let outer = Self::of(&file.expr(), false)?;
        let body = outer.body(file)?;
        if let Some(value) = inherited(&body, at.names()) {
            return Self::of(&value, true);
        }
        let below_config = ["config".to_owned()].into_iter().chain(at.names().to_vec());
        for names in [at.names().to_vec(), below_config.collect()] {
            match find::lookup(&body, &names) {
                Lookup::Bound { value, .. } => return Self::of(&value, true),
                Lookup::Blocked(obstacle) if obstacle.kind == ObstacleKind::Set => {
                    return Ok(Self {
                        prefix: names,
                        ..outer
                    });
                }
                Lookup::Blocked(_) | Lookup::Absent(_) => {}
            }
        }
        let message = format!("`{at}` is not defined in this file");
        Err(Refusal::new(message, outer.range))
    }

    /// The set that has a list of modules somewhere in a file, and the list's path in it:
    /// `{ nixosHosts.thor.modules = [ … ]; }`, or what a call on the way is given:
    /// `{ nixosConfigurations.thor = nixosSystem { modules = [ … ]; }; }`.
    pub fn of_modules(file: &NixFile, at: &AttrPath) -> Option<(Self, AttrPath)> {
        let found = list_in(file.expr(), at.names())?;
        let scope = Self {
            range: range_of(found.set.syntax()),
            is_module: false,
            prefix: Vec::new(),
        };
        Some((scope, AttrPath::new(found.names)))
    }

    /// The bytes of the literal lists of which the list of [`Scope::of_modules`] is made.
    pub fn lists_of_modules(file: &NixFile, at: &AttrPath) -> Vec<Range<usize>> {
        let found = list_in(file.expr(), at.names());
        let lists = found.iter().flat_map(|found| &found.lists);
        lists.map(|list| range_of(list.syntax())).collect()
    }

    /// The bytes of the set (or of the whole `//` chain).
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    fn of(expr: &ast::Expr, is_module: bool) -> Result<Self, Refusal> {
        let body = under_binders(expr.clone());
        let has_set = sides(&body).iter().any(|side| matches!(side, Side::Set(_)));
        if !has_set {
            let what = describe(&body);
            let message = format!("expected an attribute set here, found {what}");
            return Err(Refusal::new(message, range_of(body.syntax())));
        }
        Ok(Self {
            range: range_of(body.syntax()),
            is_module,
            prefix: Vec::new(),
        })
    }

    pub(in crate::nix) fn body(&self, file: &NixFile) -> Result<ast::Expr, Refusal> {
        file.expr_at(&self.range)
            .map(under_binders)
            .ok_or_else(|| Refusal::new("this place was found in another text", 0..0))
    }

    /// The path as it must be written here: options live below `config` in a
    /// module that has `config` or `options` at its top.
    pub(in crate::nix) fn names(&self, body: &ast::Expr, at: &AttrPath) -> Vec<String> {
        let names: Vec<String> = self.prefix.iter().chain(at.names()).cloned().collect();
        let is_structure = names
            .first()
            .is_some_and(|first| STRUCTURE.contains(&first.as_str()));
        if !self.is_module || is_structure || !is_structured(body) {
            return names;
        }
        ["config".to_owned()].into_iter().chain(names).collect()
    }
}

/// A list of modules: the set, the path in it, and the literal lists that are there.
struct ModuleList {
    set: ast::Expr,
    names: Vec<String>,
    lists: Vec<ast::List>,
}

fn list_in(expr: ast::Expr, names: &[String]) -> Option<ModuleList> {
    let set = given(under_binders(expr));
    let bound = |length: usize| match find::lookup(&set, &names[..length]) {
        Lookup::Bound { value, .. } => Some((length, value)),
        Lookup::Absent(_) | Lookup::Blocked(_) => None,
    };
    let (length, value) = (1..=names.len()).rev().find_map(bound)?;
    if length < names.len() {
        let is_call = matches!(under_binders(value.clone()), ast::Expr::Apply(_));
        return is_call.then(|| list_in(value, &names[length..]))?;
    }
    let operands = concatenated(&under_binders(value)).into_iter();
    let lists = operands.filter_map(|operand| match operand {
        ast::Expr::List(list) => Some(list),
        _ => None,
    });
    let lists: Vec<ast::List> = lists.collect();
    let names = names.to_vec();
    (!lists.is_empty()).then_some(ModuleList { set, names, lists })
}

/// What a call is given last; any other expression as it is.
fn given(mut expr: ast::Expr) -> ast::Expr {
    while let ast::Expr::Apply(call) = &expr {
        let Some(argument) = call.argument() else {
            return expr;
        };
        expr = under_binders(argument);
    }
    expr
}

/// The value at a path that the set inherits from the `let` around it:
/// `let flake.modules.nixos.thor = …; in { inherit flake; }`.
fn inherited(body: &ast::Expr, names: &[String]) -> Option<ast::Expr> {
    let ast::Expr::AttrSet(set) = body else {
        return None;
    };
    let plain = set.inherits().filter(|inherit| inherit.from().is_none());
    let mut attrs = plain.flat_map(|inherit| inherit.attrs().collect::<Vec<_>>());
    attrs.find(|attr| static_name(attr).as_ref() == names.first())?;
    let around = ast::LetIn::cast(set.syntax().parent()?)?;
    around.attrpath_values().find_map(|one| {
        let path: Option<Vec<String>> = one.attrpath()?.attrs().map(|a| static_name(&a)).collect();
        let rest = names.strip_prefix(path?.as_slice())?;
        match find::lookup(&one.value()?, rest) {
            _ if rest.is_empty() => one.value(),
            Lookup::Bound { value, .. } => Some(value),
            Lookup::Absent(_) | Lookup::Blocked(_) => None,
        }
    })
}

fn is_structured(body: &ast::Expr) -> bool {
    sides(body).iter().any(|side| match side {
        Side::Set(set) => ["config", "options"]
            .iter()
            .any(|name| find::binds(set, name)),
        Side::Maybe(..) | Side::Computed(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn module(text: &str) -> String {
        let file = NixFile::parse(text).unwrap();
        let scope = Scope::module(&file).unwrap();
        text[scope.range()].to_owned()
    }

    #[test]
    fn the_set_is_found_behind_arguments_and_bindings() {
        for text in [
            "{ a = 1; }",
            "{ pkgs, ... }: { a = 1; }",
            "args: { a = 1; }",
            "inputs: { pkgs, ... }: { a = 1; }",
            "let b = 2; in { a = 1; }",
            "{ lib, ... }@args: with lib; assert true; let c = 3; in ({ a = 1; })",
        ] {
            assert_eq!(module(text), "{ a = 1; }");
        }
        assert_eq!(module("x: rec { }"), "rec { }");
        assert_eq!(module("x: { } // f x"), "{ } // f x");
    }

    #[track_caller]
    fn refused(text: &str, message: &str) {
        let file = NixFile::parse(text).unwrap();
        assert_eq!(Scope::module(&file).unwrap_err().message, message);
    }

    #[test]
    fn what_is_computed_is_named() {
        refused(
            "x: lib.mkIf x { }",
            "expected an attribute set here, found a call of `lib.mkIf`",
        );
        refused("[ ]", "expected an attribute set here, found a list");
        refused(
            "if a then { } else { }",
            "expected an attribute set here, found an `if`",
        );
    }

    #[test]
    fn a_list_of_modules_may_be_what_a_call_is_given() {
        for (text, path) in [
            ("{ hosts.thor.modules = [ a ]; }", "hosts.thor.modules"),
            ("i: i.lib.nixosSystem { modules = [ a ] ++ b; }", "modules"),
            (
                "{ inputs, ... }: { flake.n.thor = f x { modules = [ a ]; }; }",
                "flake.n.thor.modules",
            ),
        ] {
            let file = NixFile::parse(text).unwrap();
            let path: AttrPath = path.parse().unwrap();
            let lists = Scope::lists_of_modules(&file, &path);
            assert_eq!(&text[lists[0].clone()], "[ a ]");
            assert!(Scope::of_modules(&file, &path).is_some());
        }
        for text in [
            "{ n.thor.modules = f [ a ]; }",
            "{ n.thor = f { modules = g; }; }",
            "let modules = [ a ]; in { n.thor = f modules; }",
        ] {
            let file = NixFile::parse(text).unwrap();
            let path = "n.thor.modules".parse().unwrap();
            assert_eq!(Scope::of_modules(&file, &path), None, "{text}");
        }
    }

    #[test]
    fn a_module_may_be_the_value_of_an_attribute() {
        for text in [
            "{ inputs, ... }: { flake.modules.nixos.thor = { pkgs, ... }: { a = 1; }; }",
            "{ flake = { modules.nixos = { \"thor\" = { a = 1; }; }; }; }",
            "{ config.flake.modules.nixos.thor = { a = 1; }; }",
            "{ config, ... }: let flake.modules.nixos.thor = { a = 1; }; in { inherit flake; }",
            "let flake.modules = { nixos.thor = { a = 1; }; }; in { inherit flake; b = 2; }",
        ] {
            let file = NixFile::parse(text).unwrap();
            let path = "flake.modules.nixos.thor".parse().unwrap();
            let scope = Scope::nested(&file, &path).unwrap();
            assert_eq!(&text[scope.range()], "{ a = 1; }");
        }
    }
}
