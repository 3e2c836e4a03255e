//! Expressions as values.
//!
//! What is written out is read as it is written: texts, lists, and how lists and texts are
//! put together, also under conditions. What a name means, and what a function makes of its
//! arguments, the evaluator says ([`FileReader`]).

use std::ops::Range;

use rnix::ast::{self, Expr, HasEntry, InterpolPart};
use rowan::ast::AstNode;

use crate::flake::{FileReader, Reading, ScopedExpr, fixed_names};
use crate::nix::{range_of, relative_path};
use crate::survey::function_name::function_name;
use crate::survey::known_value::known;
use crate::survey::manner::written_flag;
use crate::survey::value::{Elsewhere, FileUse, HOLE, Item, List, Text, Value};

/// Where agenix and sops-nix put a secret unless told otherwise (their option
/// `secretsDir` and `defaultSymlinkPath`).
const AGENIX: &str = "/run/agenix/";
const SOPS: &str = "/run/secrets/";

/// What an expression says.
pub(super) fn value(reader: &mut FileReader, expr: &Expr) -> Value {
    Values(reader).value(&ScopedExpr::new(expr.clone()))
}

/// What an expression says that stands for this.
/// `place` is where it is used.
pub(super) fn meant(reader: &mut FileReader, reading: Reading, place: &Range<usize>) -> Value {
    Values(reader).meant(reading, place)
}

/// Reads values, and asks what names mean.
struct Values<'r>(&'r mut FileReader);

impl Values<'_> {
    fn value(&mut self, scoped: &ScopedExpr) -> Value {
        let reading = self.0.meaning(scoped);
        self.meant(reading, &range_of(scoped.expr.syntax()))
    }

    fn meant(&mut self, reading: Reading, place: &Range<usize>) -> Value {
        match reading {
            Reading::Written(scoped) => self.written(&scoped),
            other => told(other, place),
        }
    }

    fn written(&mut self, scoped: &ScopedExpr) -> Value {
        match &scoped.expr {
            Expr::Str(string) => Value::Text(self.text(string, scoped)),
            path @ (Expr::PathRel(_) | Expr::PathAbs(_) | Expr::PathHome(_)) => {
                Value::Path(path.to_string())
            }
            Expr::List(list) => Value::List(self.items(list, scoped)),
            Expr::AttrSet(set) => Value::Set(self.entries(set, scoped)),
            Expr::Literal(literal) => {
                let number = literal.to_string().parse();
                number.map_or(Value::Unknown, Value::Number)
            }
            Expr::BinOp(op) => self.binary(op, scoped),
            Expr::Apply(apply) => self.applied(apply, scoped),
            Expr::IfElse(choice) => self.chosen(choice, scoped),
            _ => self.computed(scoped),
        }
    }

    /// What only an evaluation tells.
    fn computed(&mut self, scoped: &ScopedExpr) -> Value {
        let reading = self.0.value(scoped);
        told(reading, &range_of(scoped.expr.syntax()))
    }

    fn text(&mut self, string: &ast::Str, scoped: &ScopedExpr) -> Text {
        let mut out = Text::default();
        for part in string.normalized_parts() {
            match part {
                InterpolPart::Literal(literal) => out.text.push_str(&literal),
                InterpolPart::Interpolation(hole) => {
                    let hole = hole.expr().map(|expr| self.value(&scoped.part(expr)));
                    append(&mut out, hole.unwrap_or(Value::Unknown));
                }
            }
        }
        out
    }

    fn item(&mut self, expr: Expr, scoped: &ScopedExpr) -> Item {
        let range = range_of(expr.syntax());
        Item::new(self.value(&scoped.part(expr)), range)
    }

    fn items(&mut self, list: &ast::List, scoped: &ScopedExpr) -> List {
        List {
            items: list.items().map(|expr| self.item(expr, scoped)).collect(),
            open: false,
        }
    }

    /// The entries that have fixed names and values of their own.
    fn entries(&mut self, set: &ast::AttrSet, scoped: &ScopedExpr) -> Vec<(String, Item)> {
        let entries = set.attrpath_values();
        entries
            .filter_map(|entry| {
                let names = fixed_names(&entry.attrpath()?)?;
                Some((names.join("."), self.item(entry.value()?, scoped)))
            })
            .collect()
    }

    fn binary(&mut self, op: &ast::BinOp, scoped: &ScopedExpr) -> Value {
        let (Some(left), Some(right)) = (op.lhs(), op.rhs()) else {
            return Value::Unknown;
        };
        let (left, right) = (scoped.part(left), scoped.part(right));
        match op.operator() {
            Some(ast::BinOpKind::Concat) => {
                let mut all = self.as_list(&left);
                let more = self.as_list(&right);
                all.items.extend(more.items);
                all.open |= more.open;
                Value::List(all)
            }
            Some(ast::BinOpKind::Add) => match (self.value(&left), self.value(&right)) {
                (Value::Number(_), _) | (_, Value::Number(_)) => self.computed(scoped),
                (left, right) => {
                    let mut out = Text::default();
                    append(&mut out, left);
                    append(&mut out, right);
                    Value::Text(out)
                }
            },
            _ => self.computed(scoped),
        }
    }

    /// The items that an expression is known to have.
    fn as_list(&mut self, scoped: &ScopedExpr) -> List {
        match self.value(scoped) {
            Value::List(list) => list,
            // Everything at once: `keys ++ attrValues other.keys`.
            there @ Value::Elsewhere(Elsewhere {
                how: FileUse::Values,
                ..
            }) => List {
                items: vec![Item::new(there, range_of(scoped.expr.syntax()))],
                open: false,
            },
            _ => List {
                items: Vec::new(),
                open: true,
            },
        }
    }

    /// Either list, as far as both are known.
    fn chosen(&mut self, choice: &ast::IfElse, scoped: &ScopedExpr) -> Value {
        let (Some(one), Some(other)) = (choice.body(), choice.else_body()) else {
            return Value::Unknown;
        };
        match choice.condition().as_ref().and_then(written_flag) {
            Some(true) => return self.value(&scoped.part(one)),
            Some(false) => return self.value(&scoped.part(other)),
            None => {}
        }
        match (
            self.value(&scoped.part(one)),
            self.value(&scoped.part(other)),
        ) {
            (Value::List(mut one), Value::List(other)) => {
                one.items.extend(other.items);
                Value::List(only_if(choice.condition(), one))
            }
            _ => self.computed(scoped),
        }
    }

    fn applied(&mut self, apply: &ast::Apply, scoped: &ScopedExpr) -> Value {
        let (Some(function), Some(argument)) = (apply.lambda(), apply.argument()) else {
            return Value::Unknown;
        };
        let argument = scoped.part(argument);
        let known = match &function {
            Expr::Apply(inner) => self.applied_to_two(inner, &argument),
            function => self.applied_to_one(function, &argument),
        };
        known.unwrap_or_else(|| self.computed(scoped))
    }

    fn applied_to_one(&mut self, function: &Expr, argument: &ScopedExpr) -> Option<Value> {
        match function_name(function)?.as_str() {
            // The text of a path: unlike a path in a string, it copies nothing into the store.
            "toString" => Some(match self.value(argument) {
                Value::Path(path) if path.starts_with('/') => Value::Text(path.as_str().into()),
                other => other,
            }),
            "readFile" | "fileContents" => self.read_file(argument),
            "attrValues" => match self.value(argument) {
                Value::Elsewhere(there) if there.how == FileUse::Import => {
                    Some(Value::Elsewhere(Elsewhere {
                        how: FileUse::Values,
                        ..there
                    }))
                }
                _ => None,
            },
            "singleton" => Some(Value::List(List {
                items: vec![self.item(argument.expr.clone(), argument)],
                open: false,
            })),
            "concatLists" | "flatten" => Some(Value::List(self.as_list(argument))),
            _ => None,
        }
    }

    /// `f a b` for the functions that only may leave out their last argument.
    fn applied_to_two(&mut self, inner: &ast::Apply, value: &ScopedExpr) -> Option<Value> {
        match function_name(&inner.lambda()?)?.as_str() {
            "optional" => {
                let list = List {
                    items: vec![self.item(value.expr.clone(), value)],
                    open: false,
                };
                Some(Value::List(only_if(inner.argument(), list)))
            }
            "optionals" => {
                let list = self.as_list(value);
                Some(Value::List(only_if(inner.argument(), list)))
            }
            "optionalString" | "removeSuffix" => Some(self.value(value)),
            _ => None,
        }
    }

    fn read_file(&mut self, argument: &ScopedExpr) -> Option<Value> {
        let file = match self.0.meaning(argument) {
            Reading::Written(path) => relative_path(&path.expr)?,
            _ => return None,
        };
        Some(Value::Elsewhere(Elsewhere {
            file,
            names: Vec::new(),
            how: FileUse::Read,
        }))
    }
}

/// What has been found out of an expression that is used here.
fn told(reading: Reading, place: &Range<usize>) -> Value {
    match reading {
        Reading::Value(value) => known(&value, place),
        Reading::Imported(file, names) => Value::Elsewhere(Elsewhere {
            file,
            names,
            how: FileUse::Import,
        }),
        Reading::Config(names) => secret_path(&names),
        Reading::Written(_) | Reading::Unknown => Value::Unknown,
    }
}

fn append(out: &mut Text, value: Value) {
    match value {
        Value::Text(more) => {
            out.text.push_str(&more.text);
            out.holes.extend(more.holes);
        }
        Value::Number(number) => out.text.push_str(&number.to_string()),
        other => {
            out.text.push(HOLE);
            out.holes.push(other);
        }
    }
}

/// A list that is there under a condition.
fn only_if(condition: Option<Expr>, list: List) -> List {
    match condition.as_ref().and_then(written_flag) {
        Some(true) => return list,
        Some(false) => return List::default(),
        None => {}
    }
    let condition = condition.map(|condition| range_of(condition.syntax()));
    let items = list.items.into_iter().map(|item| Item {
        condition: condition.clone().or(item.condition),
        ..item
    });
    List {
        items: items.collect(),
        open: true,
    }
}

/// `config.age.secrets.NAME.path` and `config.sops.secrets.NAME.path`.
fn secret_path(names: &[String]) -> Value {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match names.as_slice() {
        ["age", "secrets", name, "path"] => Value::Text(format!("{AGENIX}{name}").as_str().into()),
        ["sops", "secrets", name, "path"] => Value::Text(format!("{SOPS}{name}").as_str().into()),
        _ => Value::Unknown,
    }
}
