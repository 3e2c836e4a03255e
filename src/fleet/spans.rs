//! Where in the inventory's text each thing stands.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use toml_edit::{Document, Item, TableLike, Value};

/// The place of every value and table of a text, by its path of keys.
///
/// A table's place is its header, or its name where it has no header of its own;
/// a list's entries are named by their numbers from 0. They are looked up when the
/// first of them is asked for: most inventories have no mistake to point at.
#[derive(Debug, Clone, Default)]
pub struct Spans {
    text: Arc<str>,
    places: OnceLock<Places>,
}

/// No key of a valid inventory holds this.
const SEPARATOR: &str = "\0";

impl Spans {
    /// Those of this text; none if it is not TOML.
    pub(super) fn of(text: Arc<str>) -> Self {
        let places = OnceLock::new();
        Self { text, places }
    }

    /// The place of what this path of keys leads to.
    pub(super) fn get(&self, path: &[&str]) -> Option<Range<usize>> {
        let places = self.places.get_or_init(|| Places::of(&self.text));
        places.0.get(&path.join(SEPARATOR)).cloned()
    }
}

#[derive(Debug, Clone, Default)]
struct Places(HashMap<String, Range<usize>>);

impl Places {
    fn of(text: &str) -> Self {
        let mut places = Self::default();
        if let Ok(document) = Document::parse(text) {
            places.add_table(&mut Vec::new(), document.as_table());
        }
        places
    }

    fn add_table<'a>(&mut self, path: &mut Vec<&'a str>, table: &'a dyn TableLike) {
        for (name, item) in table.iter() {
            path.push(name);
            self.add(path, place(table, name, item));
            match item {
                Item::Value(Value::Array(array)) => {
                    let each = array.iter().map(Value::span).enumerate();
                    each.for_each(|(at, span)| self.add_numbered(path, at, span));
                }
                Item::ArrayOfTables(tables) => {
                    let each = tables.iter().map(toml_edit::Table::span).enumerate();
                    each.for_each(|(at, span)| self.add_numbered(path, at, span));
                }
                _ => {}
            }
            if let Some(inner) = item.as_table_like() {
                self.add_table(path, inner);
            }
            path.pop();
        }
    }

    fn add(&mut self, path: &[&str], span: Option<Range<usize>>) {
        if let Some(span) = span {
            self.0.insert(path.join(SEPARATOR), span);
        }
    }

    fn add_numbered(&mut self, path: &[&str], at: usize, span: Option<Range<usize>>) {
        let number = at.to_string();
        let mut path = path.to_vec();
        path.push(&number);
        self.add(&path, span);
    }
}

/// The place of one entry of a table.
pub(super) fn place(table: &dyn TableLike, name: &str, item: &Item) -> Option<Range<usize>> {
    let key = || table.key(name).and_then(toml_edit::Key::span);
    item.span().or_else(key)
}
