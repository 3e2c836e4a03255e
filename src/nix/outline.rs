//! What the text of a file shows without being evaluated: the arguments that it takes and
//! the attribute paths that it binds.

use rnix::ast::{self, HasEntry};

use crate::nix::describe::called;
use crate::nix::file::NixFile;
use crate::nix::known_name::known_names;
use crate::nix::unwrap::{Side, sides, value};

/// How many sets are entered on the way to a value.
const MAX_DEPTH: usize = 8;

/// The arguments and bindings of a file that is a set, or a function that makes one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// The names in the patterns of its functions.
    pub arguments: Vec<String>,
    /// The last of its functions takes a set of just these.
    pub is_closed: bool,
    /// Its bindings, each with the whole path, sets entered. What has a computed name is
    /// left out.
    pub bindings: Vec<OutlineBinding>,
}

/// One binding that is not a plain set, or an empty one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlineBinding {
    /// The names, outermost first.
    pub path: Vec<String>,
    /// What is bound.
    pub value: OutlineValue,
}

/// What kind of value is bound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutlineValue {
    /// A function; with the names in its pattern, if that is open.
    Function(Option<Vec<String>>),
    /// A call of this function, if it has a name.
    Call(Option<String>),
    /// Anything else.
    Other,
}

impl Outline {
    /// Reads a file; `None` if it is neither a set nor a function that makes one.
    pub fn of(file: &NixFile) -> Option<Self> {
        let mut out = Self::default();
        let mut body = value(file.expr());
        while let ast::Expr::Lambda(lambda) = &body {
            let (names, is_open) = pattern(lambda);
            out.arguments.extend(names);
            out.is_closed = !is_open;
            body = value(lambda.body()?);
        }
        let mut sets = 0;
        for side in sides(&body) {
            if let Side::Set(set) = side {
                sets += 1;
                out.enter(&set, &[]);
            }
        }
        (sets > 0).then_some(out)
    }

    fn enter(&mut self, set: &ast::AttrSet, above: &[String]) {
        for binding in set.attrpath_values() {
            let (Some(path), Some(bound)) = (binding.attrpath(), binding.value()) else {
                continue;
            };
            let names: Option<Vec<String>> = known_names(&path).into_iter().collect();
            let Some(names) = names else { continue };
            let path: Vec<String> = above.iter().cloned().chain(names).collect();
            match value(bound) {
                ast::Expr::AttrSet(inner) if is_entered(&inner, &path) => {
                    self.enter(&inner, &path);
                }
                other => self.bindings.push(OutlineBinding {
                    path,
                    value: kind(&other),
                }),
            }
        }
    }
}

fn is_entered(set: &ast::AttrSet, path: &[String]) -> bool {
    path.len() < MAX_DEPTH && set.entries().next().is_some()
}

fn kind(value: &ast::Expr) -> OutlineValue {
    match value {
        ast::Expr::Lambda(lambda) => {
            let (names, is_open) = pattern(lambda);
            OutlineValue::Function(is_open.then_some(names))
        }
        ast::Expr::Apply(apply) => OutlineValue::Call(called(apply)),
        _ => OutlineValue::Other,
    }
}

/// The names that a function takes, and whether it takes others as well.
fn pattern(lambda: &ast::Lambda) -> (Vec<String>, bool) {
    let Some(ast::Param::Pattern(pattern)) = lambda.param() else {
        return (Vec::new(), true);
    };
    let entries = pattern.pat_entries();
    let names = entries.filter_map(|entry| Some(entry.ident()?.to_string()));
    (names.collect(), pattern.ellipsis_token().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_entered_and_paths_joined() {
        let text = "{ lib }: { a.b = { c = 1; d = { ... }: { }; }; e = lib.f 1; g = { }; }";
        let outline = Outline::of(&NixFile::parse(text).unwrap()).unwrap();
        assert!(outline.is_closed);
        assert_eq!(outline.arguments, ["lib"]);
        let paths = outline.bindings.iter().map(|one| one.path.join("."));
        assert_eq!(paths.collect::<Vec<_>>(), ["a.b.c", "a.b.d", "e", "g"]);
        let function = OutlineValue::Function(Some(Vec::new()));
        assert_eq!(outline.bindings[1].value, function);
        let call = OutlineValue::Call(Some("lib.f".to_owned()));
        assert_eq!(outline.bindings[2].value, call);
    }

    #[test]
    fn what_makes_no_set_has_no_outline() {
        assert_eq!(Outline::of(&NixFile::parse("x: f x").unwrap()), None);
    }
}
