//! TOML and JSON files that a flake reads, edited as text.
//!
//! [`Data`] knows where every key and value of such a file stands. An edit takes
//! lines or items out, puts some in, or gives a key or a value another text; all
//! other bytes stay as they are.
//!
//! Absent on purpose: making a value from nothing. What is put in was cut out of
//! the same file, and so has its style.

mod edit;
mod json;
mod piece;
mod statements;
#[cfg(test)]
mod tests;
mod toml;
mod tree;
mod verify;

use std::collections::HashMap;
use std::ops::Range;

use self::statements::Statement;

pub use self::verify::data_damage;
pub(in crate::flake) use self::verify::why_not;

pub(in crate::flake) use self::piece::Piece;
pub(in crate::flake) use self::tree::{Kind, Node, Step, Word, at};

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::flake) enum Format {
    /// What `builtins.fromJSON` reads.
    Json,
    /// What `builtins.fromTOML` reads.
    Toml,
}

/// A file of data, with the places of all that is in it.
#[derive(Debug, Clone)]
pub(in crate::flake) struct Data {
    text: String,
    format: Format,
    root: Node,
    /// The headers and assignments of TOML, by place; JSON has none.
    statements: Vec<Statement>,
}

impl Data {
    /// Reads a text; `None` if it is not in this format.
    pub(in crate::flake) fn parse(text: &str, format: Format) -> Option<Self> {
        let (root, statements) = match format {
            Format::Json => (json::parse(text)?, Vec::new()),
            Format::Toml => toml::parse(text)?,
        };
        Some(Self {
            text: text.to_owned(),
            format,
            root,
            statements,
        })
    }

    /// Reads a text whatever its format: no text of a table is both.
    pub(in crate::flake) fn guess(text: &str) -> Option<Self> {
        Self::parse(text, Format::Json).or_else(|| Self::parse(text, Format::Toml))
    }

    pub(in crate::flake) fn text(&self) -> &str {
        &self.text
    }

    pub(in crate::flake) fn root(&self) -> &Node {
        &self.root
    }

    /// What the file says.
    pub(in crate::flake) fn value(&self) -> serde_json::Value {
        self.root.value()
    }

    /// All keys and texts, by the bytes where they stand.
    pub(in crate::flake) fn words(&self) -> HashMap<Range<usize>, Word> {
        let mut words = HashMap::new();
        self.root.words(&mut Vec::new(), &mut words);
        words
    }

    /// Another text in the same format.
    pub(in crate::flake) fn again(&self, text: &str) -> Option<Self> {
        Self::parse(text, self.format)
    }

    /// The bytes of the key that a path ends in, where it stands first.
    pub(in crate::flake) fn key_of(&self, path: &[Step]) -> Option<Range<usize>> {
        self.root.member(path).map(|member| member.key.clone())
    }

    /// Where a part is: its value, or the first line that says something of it.
    pub(in crate::flake) fn place(&self, path: &[Step]) -> Option<Range<usize>> {
        if let Some(member) = self.root.member(path) {
            let end = member.value.range.as_ref().map(|range| range.end);
            let first = self
                .statements
                .iter()
                .find(|one| one.path.starts_with(path));
            return match (self.is_bracketed(path), first) {
                (false, Some(first)) => Some(first.range.clone()),
                _ => Some(member.key.start..end?),
            };
        }
        let first = self
            .statements
            .iter()
            .find(|one| one.path.starts_with(path));
        let range = self.root.node(path).and_then(|node| node.range.clone());
        range.or_else(|| first.map(|one| one.range.clone()))
    }
}
