//! Values as the editor writes them.

use crate::fleet::format::Key;

/// A value of the inventory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Number(u16),
    /// `true`.
    Yes,
    /// `false`, where silence would mean something else.
    No,
    /// A list of text; its order means nothing.
    List(Vec<String>),
    /// A table whose keys are known.
    Table(Vec<Field>),
}

/// A key and what it holds; `None`: the inventory is silent about it.
pub(super) type Field = (&'static Key, Option<Value>);

impl Value {
    pub(super) fn text(text: &(impl ToString + ?Sized)) -> Self {
        Self::Text(text.to_string())
    }

    pub(super) fn list<T: ToString>(entries: &[T]) -> Option<Self> {
        let entries: Vec<String> = entries.iter().map(T::to_string).collect();
        (!entries.is_empty()).then_some(Self::List(entries))
    }

    /// As TOML writes it, on one line.
    pub(super) fn literal(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Number(number) => number.to_string(),
            Self::Yes => "true".to_owned(),
            Self::No => "false".to_owned(),
            Self::List(entries) => {
                let entries: Vec<String> = entries.iter().map(|entry| quoted(entry)).collect();
                format!("[{}]", entries.join(", "))
            }
            Self::Table(fields) => {
                let fields: Vec<String> = lines(fields).collect();
                format!("{{ {} }}", fields.join(", "))
            }
        }
    }
}

/// Each field that is known, as `key = value`.
pub(super) fn lines(fields: &[Field]) -> impl Iterator<Item = String> {
    let line = |(key, value): &Field| Some(format!("{} = {}", key.name, value.as_ref()?.literal()));
    fields.iter().filter_map(line)
}

/// Text as TOML quotes it.
pub(super) fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

/// A key as TOML writes it: bare where it can be.
pub(super) fn key(name: &str) -> String {
    toml_edit::Key::new(name).display_repr().into_owned()
}
