//! The values of a text, each with its bytes.

use std::ops::Range;
use std::sync::Arc;

use serde_json::{Map, Value};

/// One step of the path to a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Segment {
    /// Into a table.
    Key(Arc<str>),
    /// Into a list.
    Index(usize),
}

impl Segment {
    /// Into a table.
    pub(crate) fn key(name: &str) -> Self {
        Self::Key(name.into())
    }

    /// True if this is the key of that name.
    pub(crate) fn is_key(&self, name: &str) -> bool {
        matches!(self, Self::Key(key) if **key == *name)
    }
}

/// A value.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Its bytes; `None` for what TOML writes on several lines under headers or with
    /// dots.
    pub(crate) range: Option<Range<usize>>,
    /// What it is.
    pub(crate) kind: NodeKind,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(crate) enum NodeKind {
    /// A string, a number, a boolean or null.
    Scalar(Value),
    /// A date or a number that JSON has not, as it is written.
    Other(String),
    /// A list: an array, or TOML's `[[…]]`.
    List(Vec<Node>),
    /// A table or an object, in the order of the file.
    Table(Vec<Member>),
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    /// The key, without quotes.
    pub(crate) name: Arc<str>,
    /// The bytes of the key where it is written first, quotes included.
    pub(crate) key: Range<usize>,
    /// What the key holds.
    pub(crate) value: Node,
}

impl Node {
    /// The same without bytes; a date is its text.
    pub(crate) fn value(&self) -> Value {
        match &self.kind {
            NodeKind::Scalar(value) => value.clone(),
            NodeKind::Other(text) => Value::String(text.clone()),
            NodeKind::List(items) => items.iter().map(Self::value).collect(),
            NodeKind::Table(members) => {
                let pair = |member: &Member| (member.name.to_string(), member.value.value());
                Value::Object(members.iter().map(pair).collect::<Map<_, _>>())
            }
        }
    }

    /// True if this is the value; no table has a key twice.
    pub(super) fn is(&self, value: &Value) -> bool {
        match (&self.kind, value) {
            (NodeKind::Scalar(scalar), value) => scalar == value,
            (NodeKind::Other(text), value) => value == text,
            (NodeKind::List(items), Value::Array(values)) => {
                let mut pairs = items.iter().zip(values);
                items.len() == values.len() && pairs.all(|(item, value)| item.is(value))
            }
            (NodeKind::Table(members), Value::Object(values)) => {
                let is_one = |member: &Member| {
                    let value = values.get(&*member.name);
                    value.is_some_and(|value| member.value.is(value))
                };
                members.len() == values.len() && members.iter().all(is_one)
            }
            _ => false,
        }
    }

    /// The value at a path below this one.
    pub(super) fn node(&self, path: &[Segment]) -> Option<&Self> {
        let Some((first, rest)) = path.split_first() else {
            return Some(self);
        };
        let inner = match (&self.kind, first) {
            (NodeKind::List(items), Segment::Index(index)) => items.get(*index)?,
            (NodeKind::Table(members), Segment::Key(name)) => {
                &members.iter().find(|member| member.name == *name)?.value
            }
            _ => return None,
        };
        inner.node(rest)
    }

    /// The member that a path ends in, if it ends in a key.
    pub(super) fn member(&self, path: &[Segment]) -> Option<&Member> {
        let (last, above) = path.split_last()?;
        match (&self.node(above)?.kind, last) {
            (NodeKind::Table(members), Segment::Key(name)) => {
                members.iter().find(|member| member.name == *name)
            }
            _ => None,
        }
    }

    /// The string, if it is one.
    pub(super) fn as_str(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar(value) => value.as_str(),
            _ => None,
        }
    }
}

/// The value at a path.
pub(crate) fn at<'a>(value: &'a Value, path: &[Segment]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, segment| match segment {
        Segment::Key(name) => value.get(&**name),
        Segment::Index(index) => value.get(index),
    })
}
