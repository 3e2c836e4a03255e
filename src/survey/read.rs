//! Expressions as values.

use rnix::ast::{self, Expr, HasEntry, InterpolPart};
use rowan::ast::AstNode;

use crate::nix::range_of;
use crate::survey::lookup::{Lookup, Meaning, function_name, names_of, path_text};
use crate::survey::value::{Elsewhere, HOLE, How, Item, List, Text, Value};

/// Where agenix and sops-nix put a secret unless told otherwise (their option
/// `secretsDir` and `defaultSymlinkPath`).
const AGENIX: &str = "/run/agenix/";
const SOPS: &str = "/run/secrets/";

/// What an expression says.
pub(super) fn value(expr: &Expr) -> Value {
    meant(Lookup::new().meaning(expr))
}

/// What a meaning says.
pub(super) fn meant(meaning: Meaning) -> Value {
    match meaning {
        Meaning::Here(expr) => here(&expr),
        Meaning::Elsewhere(there) => Value::Elsewhere(there),
        Meaning::Config(names) => secret_path(&names),
        Meaning::Unknown => Value::Unknown,
    }
}

fn here(expr: &Expr) -> Value {
    match expr {
        Expr::Str(string) => Value::Text(text(string)),
        Expr::PathRel(_) | Expr::PathAbs(_) | Expr::PathHome(_) => Value::Path(expr.to_string()),
        Expr::List(list) => Value::List(items(list)),
        Expr::AttrSet(set) => Value::Set(entries(set)),
        Expr::Ident(ident) => match ident.to_string().as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => Value::Unknown,
        },
        Expr::Literal(literal) => literal
            .to_string()
            .parse()
            .map_or(Value::Unknown, Value::Number),
        Expr::BinOp(op) => binary(op),
        Expr::Apply(apply) => applied(apply),
        Expr::IfElse(choice) => chosen(choice),
        _ => Value::Unknown,
    }
}

fn text(string: &ast::Str) -> Text {
    let mut out = Text::default();
    for part in string.normalized_parts() {
        match part {
            InterpolPart::Literal(literal) => out.text.push_str(&literal),
            InterpolPart::Interpolation(computed) => {
                append(
                    &mut out,
                    computed.expr().map_or(Value::Unknown, |e| value(&e)),
                );
            }
        }
    }
    out
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

fn item(expr: &Expr) -> Item {
    Item::new(value(expr), range_of(expr.syntax()))
}

fn items(list: &ast::List) -> List {
    List {
        items: list.items().map(|expr| item(&expr)).collect(),
        open: false,
    }
}

/// The entries that have fixed names and values of their own.
fn entries(set: &ast::AttrSet) -> Vec<(String, Item)> {
    let entries = set.attrpath_values();
    entries
        .filter_map(|entry| {
            let names = names_of(&entry.attrpath()?)?;
            let expr = entry.value()?;
            Some((names.join("."), item(&expr)))
        })
        .collect()
}

fn binary(op: &ast::BinOp) -> Value {
    let (Some(left), Some(right)) = (op.lhs(), op.rhs()) else {
        return Value::Unknown;
    };
    match op.operator() {
        Some(ast::BinOpKind::Concat) => {
            let mut all = as_list(&left);
            let more = as_list(&right);
            all.items.extend(more.items);
            all.open |= more.open;
            Value::List(all)
        }
        Some(ast::BinOpKind::Add) => {
            let mut out = Text::default();
            append(&mut out, value(&left));
            append(&mut out, value(&right));
            Value::Text(out)
        }
        _ => Value::Unknown,
    }
}

/// The items that an expression is known to have.
fn as_list(expr: &Expr) -> List {
    match value(expr) {
        Value::List(list) => list,
        // Everything at once: `keys ++ attrValues other.keys`.
        there @ Value::Elsewhere(Elsewhere {
            how: How::Values, ..
        }) => List {
            items: vec![Item::new(there, range_of(expr.syntax()))],
            open: false,
        },
        _ => List {
            items: Vec::new(),
            open: true,
        },
    }
}

/// Either list, as far as both are known.
fn chosen(choice: &ast::IfElse) -> Value {
    let (Some(one), Some(other)) = (choice.body(), choice.else_body()) else {
        return Value::Unknown;
    };
    match (value(&one), value(&other)) {
        (Value::List(mut one), Value::List(other)) => {
            one.items.extend(other.items);
            Value::List(only_if(choice.condition(), one.items))
        }
        _ => Value::Unknown,
    }
}

fn applied(apply: &ast::Apply) -> Value {
    let (Some(function), Some(argument)) = (apply.lambda(), apply.argument()) else {
        return Value::Unknown;
    };
    if let Expr::Apply(inner) = &function {
        return applied_to_two(inner, &argument);
    }
    match function_name(&function).as_deref() {
        // The text of a path: unlike a path in a string, it copies nothing into the store.
        Some("toString") => match value(&argument) {
            Value::Path(path) if path.starts_with('/') => Value::Text(path.as_str().into()),
            other => other,
        },
        Some("readFile" | "fileContents") => there(&argument, How::Read),
        Some("attrValues") => match value(&argument) {
            Value::Elsewhere(there) if there.how == How::Import => Value::Elsewhere(Elsewhere {
                how: How::Values,
                ..there
            }),
            _ => Value::Unknown,
        },
        Some("singleton") => Value::List(List {
            items: vec![item(&argument)],
            open: false,
        }),
        Some("concatLists" | "flatten") => Value::List(as_list(&argument)),
        _ => Value::Unknown,
    }
}

/// `f a b` for the functions that only may leave out their last argument.
fn applied_to_two(inner: &ast::Apply, last: &Expr) -> Value {
    let name = inner.lambda().and_then(|function| function_name(&function));
    match name.as_deref() {
        Some("optional") => Value::List(only_if(inner.argument(), vec![item(last)])),
        Some("optionals") => Value::List(only_if(inner.argument(), as_list(last).items)),
        Some("optionalString" | "removeSuffix") => value(last),
        _ => Value::Unknown,
    }
}

/// Items that a list has under a condition.
fn only_if(condition: Option<Expr>, mut items: Vec<Item>) -> List {
    let condition = condition.map(|condition| range_of(condition.syntax()));
    for item in &mut items {
        item.condition = condition.clone().or(item.condition.take());
    }
    List { items, open: true }
}

fn there(path: &Expr, how: How) -> Value {
    path_text(path).map_or(Value::Unknown, |file| {
        Value::Elsewhere(Elsewhere {
            file,
            names: Vec::new(),
            how,
        })
    })
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
