//! What an evaluation has worked out, as a value of a survey.

use std::ops::Range;

use crate::flake::KnownValue;
use crate::survey::value::{Item, List, Value};

/// A value that stands at this place.
pub(super) fn known(value: &KnownValue, place: &Range<usize>) -> Value {
    match value {
        KnownValue::Bool(value) => Value::Bool(*value),
        KnownValue::Int(value) => Value::Number(*value),
        KnownValue::Text(text) => Value::Text(text.as_str().into()),
        KnownValue::Path(path) => Value::Path(path.clone()),
        KnownValue::List { items, is_open } => {
            let items = items.iter().map(|(value, written)| {
                let range = written.as_ref().unwrap_or(place);
                Item::new(known(value, range), range.clone())
            });
            Value::List(List {
                items: items.collect(),
                open: *is_open,
            })
        }
        KnownValue::Set(entries) => {
            let entries = entries.iter().map(|(name, value)| {
                let item = Item::new(known(value, place), place.clone());
                (name.clone(), item)
            });
            Value::Set(entries.collect())
        }
        KnownValue::Unknown => Value::Unknown,
    }
}
