//! Reads TOML into the tree, and its statements.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use foldhash::fast::RandomState;

use toml_edit::{Document, Item, Table, Value};

use super::statements::{self, Statement};
use super::tree::{Member, Node, NodeKind, Segment};

/// The table of a whole text, and its headers and assignments in order of place.
pub(super) fn parse(text: &str) -> Option<(Node, Vec<Statement>)> {
    let document = Document::parse(text).ok()?;
    let mut reader = TomlReader {
        text,
        path: Vec::new(),
        statements: Vec::new(),
    };
    let mut root = reader.table(document.as_table())?;
    let mut statements = reader.statements;
    statements.sort_by_key(|statement| statement.range.start);
    place_keys(&mut root, &mut Vec::new(), &first_keys(&statements));
    Some((root, statements))
}

struct TomlReader<'t> {
    text: &'t str,
    path: Vec<Segment>,
    statements: Vec<Statement>,
}

impl TomlReader<'_> {
    fn table(&mut self, table: &Table) -> Option<Node> {
        let mut members = Vec::new();
        for (name, item) in table {
            let name: Arc<str> = name.into();
            self.path.push(Segment::Key(name.clone()));
            let value = self.item(item)?;
            self.path.pop();
            let key = 0..0;
            members.push(Member { name, key, value });
        }
        Some(Node {
            range: None,
            kind: NodeKind::Table(members),
        })
    }

    fn item(&mut self, item: &Item) -> Option<Node> {
        match item {
            Item::None => None,
            Item::Value(value) => {
                let node = self::value(self.text, value)?;
                let assigned = node.range.clone()?;
                let statement = statements::assignment(self.text, &self.path, &assigned)?;
                self.statements.push(statement);
                Some(node)
            }
            Item::Table(table) => {
                if !table.is_implicit() && !table.is_dotted() {
                    self.header(table)?;
                }
                self.table(table)
            }
            Item::ArrayOfTables(tables) => {
                let mut items = Vec::new();
                for (index, table) in tables.iter().enumerate() {
                    self.path.push(Segment::Index(index));
                    self.header(table)?;
                    items.push(self.table(table)?);
                    self.path.pop();
                }
                Some(Node {
                    range: None,
                    kind: NodeKind::List(items),
                })
            }
        }
    }

    fn header(&mut self, table: &Table) -> Option<()> {
        let statement = statements::header(self.text, &self.path, &table.span()?)?;
        self.statements.push(statement);
        Some(())
    }
}

fn value(text: &str, value: &Value) -> Option<Node> {
    let range = value.span();
    let kind = match value {
        Value::String(text) => NodeKind::Scalar(text.value().as_str().into()),
        Value::Integer(number) => NodeKind::Scalar((*number.value()).into()),
        Value::Boolean(truth) => NodeKind::Scalar((*truth.value()).into()),
        Value::Float(number) => match serde_json::Number::from_f64(*number.value()) {
            Some(number) => NodeKind::Scalar(number.into()),
            None => NodeKind::Other(text.get(range.clone()?)?.to_owned()),
        },
        Value::Datetime(_) => NodeKind::Other(text.get(range.clone()?)?.to_owned()),
        Value::Array(items) => {
            let items = items.iter().map(|item| self::value(text, item));
            NodeKind::List(items.collect::<Option<_>>()?)
        }
        Value::InlineTable(table) => {
            let members = table.iter().map(|(name, value)| {
                Some(Member {
                    name: name.into(),
                    key: table.key(name)?.span()?,
                    value: self::value(text, value)?,
                })
            });
            NodeKind::Table(members.collect::<Option<_>>()?)
        }
    };
    // What dots make within braces has no bytes of its own.
    let range = match value {
        Value::InlineTable(table) if table.is_dotted() => None,
        _ => range,
    };
    Some(Node { range, kind })
}

/// The bytes of keys by their paths.
type KeyRanges<'s> = HashMap<&'s [Segment], Range<usize>, RandomState>;

/// Where each key is written first: in the first statement about its value.
fn first_keys(statements: &[Statement]) -> KeyRanges<'_> {
    let mut first = KeyRanges::default();
    for (path, key) in statements.iter().flat_map(Statement::written_keys) {
        first.entry(path).or_insert(key);
    }
    first
}

fn place_keys(node: &mut Node, path: &mut Vec<Segment>, keys: &KeyRanges) {
    match &mut node.kind {
        NodeKind::Table(members) if node.range.is_none() => {
            for member in members {
                path.push(Segment::Key(member.name.clone()));
                if let Some(key) = keys.get(path.as_slice()) {
                    member.key = key.clone();
                }
                place_keys(&mut member.value, path, keys);
                path.pop();
            }
        }
        NodeKind::List(items) if node.range.is_none() => {
            for (index, item) in items.iter_mut().enumerate() {
                path.push(Segment::Index(index));
                place_keys(item, path, keys);
                path.pop();
            }
        }
        _ => {}
    }
}
