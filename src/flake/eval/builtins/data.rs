//! `fromJSON` and `fromTOML`. Names remember the file that they are from.

use std::rc::Rc;

use super::super::Eval;
use super::super::thunk::Thunk;
use super::super::value::{Attrs, Origin, Slot, Text, Value};
use super::{Builtin, not};

pub(super) const ALL: &[Builtin] = &[("fromJSON", 1, from_json), ("fromTOML", 1, from_toml)];

fn from_json(eval: &mut Eval, args: &[Thunk]) -> Value {
    data(eval, args, |text| serde_json::from_str(text).ok())
}

fn from_toml(eval: &mut Eval, args: &[Thunk]) -> Value {
    data(eval, args, toml_value)
}

fn data(eval: &mut Eval, args: &[Thunk], read: fn(&str) -> Option<serde_json::Value>) -> Value {
    let text = match eval.force(&args[0]) {
        Value::Str(text) => text,
        other => return not("a string", &other),
    };
    if !eval.spend(text.text.len() / 16) {
        return Value::unknown("it takes too much work to find out");
    }
    match read(&text.text) {
        Some(json) => from_data(&json, text.origin.as_ref()),
        None => Value::unknown("data that does not parse"),
    }
}

fn toml_value(text: &str) -> Option<serde_json::Value> {
    let document: toml_edit::DocumentMut = text.parse().ok()?;
    Some(table_value(document.as_table()))
}

fn table_value(table: &dyn toml_edit::TableLike) -> serde_json::Value {
    let entries = table
        .iter()
        .map(|(name, item)| (name.to_owned(), item_value(item)));
    serde_json::Value::Object(entries.collect())
}

fn item_value(item: &toml_edit::Item) -> serde_json::Value {
    if let Some(table) = item.as_table_like() {
        return table_value(table);
    }
    if let Some(tables) = item.as_array_of_tables() {
        return tables.iter().map(|table| table_value(table)).collect();
    }
    match item.as_value() {
        Some(toml_edit::Value::String(text)) => text.value().as_str().into(),
        Some(toml_edit::Value::Integer(int)) => (*int.value()).into(),
        Some(toml_edit::Value::Float(float)) => (*float.value()).into(),
        Some(toml_edit::Value::Boolean(b)) => (*b.value()).into(),
        Some(toml_edit::Value::Array(items)) => items
            .iter()
            .map(|item| item_value(&toml_edit::Item::Value(item.clone())))
            .collect(),
        _ => serde_json::Value::Null,
    }
}

/// A JSON or TOML value as Nix has it; names remember the file they are from.
fn from_data(json: &serde_json::Value, origin: Option<&Rc<Origin>>) -> Value {
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(b) => Value::Bool(*b),
        serde_json::Value::Number(n) => match (n.as_i64(), n.as_f64()) {
            (Some(int), _) => Value::Int(int),
            (None, Some(float)) => Value::Float(float),
            (None, None) => Value::unknown("a number that is too large"),
        },
        serde_json::Value::String(text) => Value::Str(Text {
            text: text.as_str().into(),
            origin: origin.cloned(),
        }),
        serde_json::Value::Array(items) => Value::list(
            items
                .iter()
                .map(|item| Thunk::done(from_data(item, origin)))
                .collect(),
        ),
        serde_json::Value::Object(map) => {
            let mut attrs = Attrs::default();
            for (name, value) in map {
                let value = Thunk::done(from_data(value, origin));
                let origin = origin.cloned();
                attrs.insert(name.as_str(), Slot { value, origin });
            }
            attrs.into()
        }
    }
}
