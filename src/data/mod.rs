//! TOML and JSON, read as a tree and edited as text: the one editor of structured data.
//!
//! [`Data`] knows the bytes of every key and value of a text. Edits are patches of
//! these bytes, and all others stay as they are: comments, order, spacing, line ends.
//! Two kinds of edit are built on the same parts:
//!
//! * `insert`, `replace` and `remove` change a text of anybody's making. What is put in
//!   is an [`EntryCopy`] of what is there, and so has its style.
//! * [`TomlEdit`] sets values that are given, in the form of their neighbours.
//!
//! What one of them puts in, the same one takes out again, byte for byte. A text is
//! read again after each edit, and the edit is refused if it then says anything but
//! what it should (`verify`).

mod add;
mod brackets;
mod comments;
mod copy;
mod edit;
mod find;
mod insert;
mod json;
mod lines;
mod literal;
mod pair;
mod remove;
mod replace;
mod statements;
#[cfg(test)]
mod tests;
mod toml;
mod tree;
mod verify;

use self::statements::Statement;

pub use self::verify::damage;

pub(crate) use self::copy::EntryCopy;
pub(crate) use self::edit::{Field, TomlEdit, Uneditable};
pub(crate) use self::find::StringRef;
pub(crate) use self::tree::{Node, NodeKind, Segment, at};
pub(crate) use self::verify::syntax_error;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DataFormat {
    /// What `builtins.fromJSON` reads.
    Json,
    /// What `builtins.fromTOML` reads.
    Toml,
}

/// A text of TOML or JSON, with the bytes of all that is in it.
#[derive(Debug, Clone)]
pub(crate) struct Data {
    text: String,
    format: DataFormat,
    root: Node,
    /// The headers and assignments of TOML, by place; JSON has none.
    statements: Vec<Statement>,
}

impl Data {
    /// Reads a text; `None` if it is not in this format.
    pub(crate) fn parse(text: &str, format: DataFormat) -> Option<Self> {
        let (root, statements) = match format {
            DataFormat::Json => (json::parse(text)?, Vec::new()),
            DataFormat::Toml => toml::parse(text)?,
        };
        Some(Self {
            text: text.to_owned(),
            format,
            root,
            statements,
        })
    }

    /// Reads a text whatever its format: no text of a table is both.
    pub(crate) fn detect(text: &str) -> Option<Self> {
        Self::parse(text, DataFormat::Json).or_else(|| Self::parse(text, DataFormat::Toml))
    }

    /// Another text in the same format.
    pub(crate) fn reparse(&self, text: &str) -> Option<Self> {
        Self::parse(text, self.format)
    }

    /// The text itself.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The table or the list of the whole text.
    pub(crate) fn root(&self) -> &Node {
        &self.root
    }

    /// The value of the whole text.
    pub(crate) fn value(&self) -> serde_json::Value {
        self.root.value()
    }
}
