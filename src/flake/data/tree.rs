//! What a file of data says, and where.

use std::collections::HashMap;
use std::ops::Range;

use serde_json::{Map, Value};

/// One step on the way to a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::flake) enum Step {
    /// Into a table.
    Key(String),
    /// Into a list.
    Item(usize),
}

/// A value.
#[derive(Debug, Clone)]
pub(in crate::flake) struct Node {
    /// Its bytes; `None` for what TOML writes on several lines under headers or with
    /// dots.
    pub(in crate::flake) range: Option<Range<usize>>,
    pub(in crate::flake) kind: Kind,
}

#[derive(Debug, Clone)]
pub(in crate::flake) enum Kind {
    /// A text, a number, a truth value or null.
    Plain(Value),
    /// A date or a number that JSON has not, as it is written.
    Other(String),
    List(Vec<Node>),
    /// In the order of the file.
    Table(Vec<Member>),
}

/// A key or a text, where names may stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::flake) struct Word {
    /// The way to the value of the key, or to the text.
    pub(in crate::flake) path: Vec<Step>,
    pub(in crate::flake) is_key: bool,
}

/// A key and its value.
#[derive(Debug, Clone)]
pub(in crate::flake) struct Member {
    pub(in crate::flake) name: String,
    /// The bytes of the key where it stands first, quotes included.
    pub(in crate::flake) key: Range<usize>,
    pub(in crate::flake) value: Node,
}

impl Node {
    /// The same without places; a date is its text.
    pub(in crate::flake) fn value(&self) -> Value {
        match &self.kind {
            Kind::Plain(value) => value.clone(),
            Kind::Other(text) => Value::String(text.clone()),
            Kind::List(items) => items.iter().map(Self::value).collect(),
            Kind::Table(members) => {
                let pair = |member: &Member| (member.name.clone(), member.value.value());
                Value::Object(members.iter().map(pair).collect::<Map<_, _>>())
            }
        }
    }

    pub(super) fn node(&self, path: &[Step]) -> Option<&Self> {
        let Some((first, rest)) = path.split_first() else {
            return Some(self);
        };
        let inner = match (&self.kind, first) {
            (Kind::List(items), Step::Item(index)) => items.get(*index)?,
            (Kind::Table(members), Step::Key(name)) => {
                &members.iter().find(|member| member.name == *name)?.value
            }
            _ => return None,
        };
        inner.node(rest)
    }

    /// The member that a path ends in, if it ends in a key.
    pub(super) fn member(&self, path: &[Step]) -> Option<&Member> {
        let (last, above) = path.split_last()?;
        match (&self.node(above)?.kind, last) {
            (Kind::Table(members), Step::Key(name)) => {
                members.iter().find(|member| member.name == *name)
            }
            _ => None,
        }
    }

    /// All keys and texts in it, which `path` leads to, by their bytes.
    pub(super) fn words(&self, path: &mut Vec<Step>, words: &mut HashMap<Range<usize>, Word>) {
        let word = |path: &[Step], is_key| Word {
            path: path.to_vec(),
            is_key,
        };
        match &self.kind {
            Kind::Plain(Value::String(_)) => {
                words.extend(self.range.clone().map(|range| (range, word(path, false))));
            }
            Kind::Plain(_) | Kind::Other(_) => {}
            Kind::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    path.push(Step::Item(index));
                    item.words(path, words);
                    path.pop();
                }
            }
            Kind::Table(members) => {
                for member in members {
                    path.push(Step::Key(member.name.clone()));
                    words.insert(member.key.clone(), word(path, true));
                    member.value.words(path, words);
                    path.pop();
                }
            }
        }
    }
}

/// The value at a path.
pub(in crate::flake) fn at<'a>(value: &'a Value, path: &[Step]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, step| match step {
        Step::Key(name) => value.get(name),
        Step::Item(index) => value.get(index),
    })
}
