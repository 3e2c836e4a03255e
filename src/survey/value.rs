//! What an expression says, as far as its own file tells.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Stands in a [`Text`] where a part of it is not known.
pub const HOLE: char = '\u{fffc}';

/// The value of an option, without evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// A string.
    Text(Text),
    /// A Nix path as written: its file is copied into the world-readable store.
    Path(String),
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Number(i64),
    /// A list.
    List(List),
    /// A set inside a value, by the names of its entries.
    Set(Vec<(String, Item)>),
    /// What another file says.
    Elsewhere(Elsewhere),
    /// Cannot be known without evaluation.
    Unknown,
}

/// A string whose computed parts may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// The meaning of the literal, a [`HOLE`] for each computed part.
    pub text: String,
    /// What stands in the holes, in order.
    pub holes: Vec<Value>,
}

/// A list whose other items may not be known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// The items that are known to be there.
    pub items: Vec<Item>,
    /// There are, or may be, others.
    pub open: bool,
}

/// One item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// What it says.
    pub value: Value,
    /// The bytes where it stands.
    pub range: Range<usize>,
    /// The bytes of the condition under which it is there.
    pub condition: Option<Range<usize>>,
}

impl Item {
    /// An item that is there for sure.
    pub(super) fn new(value: Value, range: Range<usize>) -> Self {
        Self {
            value,
            range,
            condition: None,
        }
    }
}

/// A value in another file: `(import FILE).NAMES` or the text of FILE.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    /// The Nix path as written, relative to the file that names it.
    pub file: String,
    /// The attribute path inside it.
    pub names: Vec<String>,
    /// How the file is read.
    pub how: FileUse,
}

/// How another file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileUse {
    /// `import`: the value at the attribute path.
    Import,
    /// `import` and `attrValues`: each value of the set at the attribute path.
    Values,
    /// `readFile`: its text, without the last line break.
    Read,
}

impl Text {
    /// The whole string, if nothing of it is computed.
    pub fn whole(&self) -> Option<&str> {
        self.holes.is_empty().then_some(self.text.as_str())
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            holes: Vec::new(),
        }
    }
}

impl Value {
    /// The string, if it is one and nothing of it is computed.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => text.whole(),
            _ => None,
        }
    }

    /// True if it, or a part of a list, is computed otherwise than by filling in a text.
    pub(super) fn is_computed(&self) -> bool {
        match self {
            Self::List(list) => list.open || list.items.iter().any(|item| item.value.is_computed()),
            Self::Unknown | Self::Elsewhere(_) => true,
            _ => false,
        }
    }

    /// True if nothing of it is computed.
    pub(super) fn is_whole(&self) -> bool {
        match self {
            Self::Text(text) => text.holes.is_empty(),
            Self::List(list) => !list.open && list.items.iter().all(|item| item.value.is_whole()),
            Self::Set(entries) => entries.iter().all(|(_, item)| item.value.is_whole()),
            Self::Unknown | Self::Elsewhere(_) => false,
            Self::Path(_) | Self::Bool(_) | Self::Number(_) => true,
        }
    }

    /// True unless the two certainly differ, wherever they stand.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => match (one.whole(), other.whole()) {
                (Some(one), Some(other)) => one == other,
                _ => true,
            },
            (Self::Bool(one), Self::Bool(other)) => one == other,
            (Self::Number(one), Self::Number(other)) => one == other,
            (Self::List(one), Self::List(other)) => {
                let mut pairs = one.items.iter().zip(&other.items);
                one.items.len() == other.items.len()
                    && pairs.all(|(one, other)| one.value.is_same(&other.value))
            }
            _ => true,
        }
    }

    /// The boolean, if it is one.
    pub fn bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }
}
