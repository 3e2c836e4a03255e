//! Where in the inventory's text each thing stands.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use toml_edit::{Document, Item, TableLike, Value};

/// The place of every value and table of a text, by its path of keys.
///
/// A table's place is its header, or its name where it has no header of its own;
/// a list's entries are named by their numbers from 0. They are looked up when the
/// first of them is asked for: most inventories have no mistake to point at. Where it is
/// known which table it is in, only that one is looked at.
#[derive(Debug, Clone, Default)]
pub struct Spans {
    text: Arc<str>,
    near: Arc<Mutex<HashMap<String, Range<usize>>>>,
    places: OnceLock<Places>,
}

/// No key of a valid inventory holds this.
const SEPARATOR: &str = "\0";

impl Spans {
    /// Those of this text; none if it is not TOML.
    pub(super) fn of(text: Arc<str>) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }

    /// The place of what this path of keys leads to. `header` is that of the table with the
    /// last of them, where one is known.
    pub(super) fn get(&self, path: &[&str], header: Option<&Range<usize>>) -> Option<Range<usize>> {
        let key = path.join(SEPARATOR);
        let near = header.filter(|_| self.places.get().is_none());
        near.and_then(|header| self.near(&key, path, header))
            .or_else(|| {
                let places = self.places.get_or_init(|| Places::of(&self.text));
                places.0.get(&key).cloned()
            })
    }

    fn near(&self, key: &str, path: &[&str], header: &Range<usize>) -> Option<Range<usize>> {
        // A panic elsewhere leaves the map whole: entries are only ever added.
        let known = || self.near.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known().get(key) {
            return Some(known.clone());
        }
        let found = in_table(&self.text, header, path)?;
        known().insert(key.to_owned(), found.clone());
        Some(found)
    }
}

/// The place of a key of the table with this header: in the text up to the next line that
/// begins as a header does. If that is none, what is cut off there is no TOML, and nothing is
/// found.
fn in_table(text: &str, header: &Range<usize>, path: &[&str]) -> Option<Range<usize>> {
    let rest = text.get(header.start..)?;
    let end = rest.find("\n[").unwrap_or(rest.len());
    let document = Document::parse(&rest[..end]).ok()?;
    let (name, tables) = path.split_last()?;
    let top: &dyn TableLike = document.as_table();
    let table = tables
        .iter()
        .try_fold(top, |table, name| table.get(name)?.as_table_like())?;
    let at = place(table, name, table.get(name)?)?;
    Some(header.start + at.start..header.start + at.end)
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

#[cfg(test)]
mod tests {
    use crate::diagnostic::Source;
    use crate::fleet::{INVENTORY, read};

    /// Of each, a key that a look at the table alone finds, and one that it does not.
    const INVENTORIES: [&str; 3] = [
        "version = 1\n[hosts.kalaw] # ours\nport = 22\n\n[hosts.pai]\nport = 23\ntags = [\n  \"a\",\n]\n",
        "version = 1\nhosts.kalaw = { port = 22 }\nhosts.pai.port = 23\n",
        "version = 1\n[hosts.kalaw]\naddress = \"\"\"\n[hosts.pai]\"\"\"\nport = 22\n[hosts.pai]\nport = 23\n",
    ];

    #[test]
    fn a_table_alone_tells_what_all_tell() {
        for text in INVENTORIES {
            let source = Source::new(INVENTORY, text);
            let (fleet, _) = super::super::inventory::read_leniently(&source);
            for name in ["kalaw", "pai"] {
                for key in ["port", "tags", "address"] {
                    let path = ["hosts", name, key];
                    let all = fleet.spans.get(&path, None);
                    let (again, _) = super::super::inventory::read_leniently(&source);
                    assert_eq!(again.span(&path), all, "{name} {key}\n{text}");
                }
            }
        }
        let source = Source::new(INVENTORY, INVENTORIES[0]);
        let fleet = read(&source).expect("there is no mistake in it");
        let port = fleet.span(&["hosts", "pai", "port"]).expect("it has one");
        assert_eq!(&INVENTORIES[0][port], "23");
        assert!(
            fleet.spans.places.get().is_none(),
            "the others were not read"
        );
    }
}
