//! What is known of a value, without the evaluator that found it out.

use std::ops::Range;

use crate::flake::eval::thunk::Thunk;
use crate::flake::eval::value::{List, Slot, Text, Value};
use crate::flake::eval::{Eval, files};
use crate::repo::RepoPath;

/// Values in values, deeper than an option has them: a set may hold itself.
const DEPTH: usize = 20;

/// A value as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownValue {
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A string.
    Text(String),
    /// A path as one would write it in the file that is asked about.
    Path(String),
    /// A list, each item with its bytes if it is written in the file that is asked about.
    List {
        /// The items that are known to be there.
        items: Vec<(KnownValue, Option<Range<usize>>)>,
        /// There may be others.
        is_open: bool,
    },
    /// A set.
    Set(Vec<(String, KnownValue)>),
    /// Only Nix knows.
    Unknown,
}

impl KnownValue {
    /// True if nothing of it is unknown.
    pub fn is_whole(&self) -> bool {
        match self {
            Self::Bool(_) | Self::Int(_) | Self::Text(_) | Self::Path(_) => true,
            Self::List { items, is_open } => {
                !is_open && items.iter().all(|(one, _)| one.is_whole())
            }
            Self::Set(entries) => entries.iter().all(|(_, one)| one.is_whole()),
            Self::Unknown => false,
        }
    }
}

/// What is known of a value, for somebody who reads this file.
pub(in crate::flake) fn known_value(eval: &mut Eval, file: &RepoPath, value: &Value) -> KnownValue {
    ValueReader {
        eval,
        file,
        depth: 0,
    }
    .value(value)
}

struct ValueReader<'a, 'r> {
    eval: &'a mut Eval<'r>,
    file: &'a RepoPath,
    depth: usize,
}

impl ValueReader<'_, '_> {
    fn value(&mut self, value: &Value) -> KnownValue {
        match value {
            Value::Bool(value) => KnownValue::Bool(*value),
            Value::Int(value) => KnownValue::Int(*value),
            Value::Str(text) => known_text(text),
            Value::Path(path) => self.path(path),
            Value::List(list) => self.list(list),
            // What is tagged says what to do with a value and is none.
            Value::Attrs(attrs)
                if attrs.rest.is_none()
                    && attrs.parts.is_empty()
                    && !attrs.slots.contains_key("_type") =>
            {
                let entries = attrs.slots.iter();
                KnownValue::Set(entries.map(|(name, slot)| self.entry(name, slot)).collect())
            }
            _ => KnownValue::Unknown,
        }
    }

    fn path(&self, path: &str) -> KnownValue {
        match files::within(path) {
            Some(inside) => {
                let relative = inside.relative_to(&self.file.parent());
                KnownValue::Path(format!("./{relative}"))
            }
            None if is_of_the_store(path) => KnownValue::Unknown,
            None => KnownValue::Path(path.to_owned()),
        }
    }

    fn list(&mut self, list: &List) -> KnownValue {
        KnownValue::List {
            items: list.items.iter().map(|item| self.item(item)).collect(),
            is_open: list.open.is_some(),
        }
    }

    fn item(&mut self, item: &Thunk) -> (KnownValue, Option<Range<usize>>) {
        let written = item.written().filter(|span| span.file == *self.file);
        (self.thunk(item), written.map(|span| span.range))
    }

    fn entry(&mut self, name: &str, slot: &Slot) -> (String, KnownValue) {
        (name.to_owned(), self.thunk(&slot.value))
    }

    fn thunk(&mut self, thunk: &Thunk) -> KnownValue {
        if self.depth == DEPTH {
            return KnownValue::Unknown;
        }
        self.depth += 1;
        let value = self.eval.force(thunk);
        let known = self.value(&value);
        self.depth -= 1;
        known
    }
}

/// A path of the store is none that anybody wrote.
fn known_text(text: &Text) -> KnownValue {
    if text.text.contains(STORE) {
        KnownValue::Unknown
    } else {
        KnownValue::Text(text.text.to_string())
    }
}

fn is_of_the_store(path: &str) -> bool {
    path.starts_with(STORE)
}

/// Where the evaluator has the repository and its inputs.
const STORE: &str = "/nix/store/@";
