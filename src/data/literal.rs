//! Values and keys as TOML and JSON write them.

use serde_json::Value;

use super::DataFormat;

/// A value as TOML writes it, on one line.
pub(super) fn toml(value: &Value) -> String {
    match value {
        Value::String(text) => toml_edit::Value::from(text).to_string(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(toml).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members = members.iter();
            let members: Vec<String> = members
                .map(|(name, value)| assignment(name, value))
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
        scalar => scalar.to_string(),
    }
}

/// `key = value` of TOML.
pub(super) fn assignment(name: &str, value: &Value) -> String {
    format!("{} = {}", key(name), toml(value))
}

/// A key as TOML writes it: bare where it can be.
pub(super) fn key(name: &str) -> String {
    toml_edit::Key::new(name).display_repr().into_owned()
}

/// A key in the quotes of another, or without.
pub(super) fn key_like(name: &str, like: &str) -> String {
    match like.chars().next() {
        Some('"') => quoted(name),
        Some('\'') if fits_literal(name) => format!("'{name}'"),
        _ => key(name),
    }
}

/// A string in the quotes of another.
pub(super) fn string_like(text: &str, like: &str, format: DataFormat) -> String {
    let is_literal = like.starts_with('\'') && !like.starts_with("'''");
    match format {
        DataFormat::Json => quoted(text),
        DataFormat::Toml if is_literal && fits_literal(text) => format!("'{text}'"),
        DataFormat::Toml => toml(&Value::from(text)),
    }
}

/// As JSON quotes it, and TOML as well.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn fits_literal(text: &str) -> bool {
    !text.contains(|c: char| c == '\'' || c.is_control())
}
