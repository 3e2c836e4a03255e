//! The keys of the inventory, each once: reader, editor, messages and the JSON
//! Schema all speak from these tables.

pub(super) mod cache;
pub(super) mod external_cache;
pub(super) mod host;
pub(super) mod jump_host;
pub(super) mod lint;
pub(super) mod top;

/// One key of one table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Key {
    /// As it is written.
    pub(super) name: &'static str,
    /// What it holds, in words that follow "is not": `an address`.
    pub(super) what: &'static str,
    /// Its table is a mistake without it.
    pub(super) required: bool,
    /// What TOML value it is.
    pub(super) kind: Kind,
    /// A value that fits, as it is written in TOML.
    pub(super) example: &'static str,
    /// What it means: one sentence or two, for the schema.
    pub(super) doc: &'static str,
}

/// The TOML value of a key.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these words, or a list of two of them: the old one and the new one.
    Words(&'static [&'static str]),
    /// A whole number between these two.
    Number(u16, u16),
    /// `true` or `false`.
    Flag,
    /// Text, or a list of two: the old one and the new one.
    Pair,
    /// A list of text.
    Texts,
    /// Text, or a list of text.
    OneOrMore,
    /// A day.
    Date,
    /// `"host-key"`, or a table of these keys.
    Identity(&'static [&'static Key]),
    /// A table of these keys.
    Table(&'static [&'static Key]),
    /// A table of tables with names of the user's; each has these keys.
    Named(&'static [&'static Key]),
    /// A table of tables with names of the user's; each has the first keys, or the second.
    NamedOfTwoKinds(&'static [&'static Key], &'static [&'static Key]),
    /// A table of tables, by addresses of machines; each has these keys.
    ByAddress(&'static [&'static Key]),
    /// A list of tables; each has these keys.
    Listed(&'static [&'static Key]),
}

impl Key {
    /// The key as a line: `port = 2222`.
    pub(super) fn line(&self) -> String {
        format!("{} = {}", self.name, self.example)
    }
}

/// The words of `what` for a flag.
const FLAG: &str = "`true` or `false`";
