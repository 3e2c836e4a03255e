//! The text as it is between two changes: parsed, with places.
//!
//! Every table may have any of TOML's forms: `[a.b]`, `a.b.c = …`, `b.c = …`
//! below `[a]`, or `b = { c = … }`.

use toml_edit::{Array, Document, InlineTable, Item, TableLike, Value};

use super::outline::{Section, sections};
use crate::text::sequence::Sequence;

pub(super) struct View<'t> {
    pub(super) text: &'t str,
    /// What stands on lines of its own, by place.
    pub(super) sections: Vec<Section>,
    document: Document<&'t str>,
}

/// The text is not TOML, or has no place for a change.
#[derive(Debug)]
pub(super) struct Broken;

impl<'t> View<'t> {
    pub(super) fn of(text: &'t str) -> Result<Self, Broken> {
        let document = Document::parse(text).map_err(|_| Broken)?;
        let sections = sections(document.as_table());
        Ok(Self {
            text,
            sections,
            document,
        })
    }

    /// What a path of keys leads to; the empty path leads nowhere.
    pub(super) fn find(&self, path: &[&str]) -> Option<&Item> {
        find(self.document.as_table(), path)
    }

    /// The list at a path, its entries and itself.
    pub(super) fn list(&self, path: &[&str]) -> Option<(&Array, Sequence<'t>)> {
        let array = self.find(path)?.as_array()?;
        let ends = array.iter().filter_map(|value| Some(value.span()?.end));
        Some((array, Sequence::new(self.text, &array.span()?, ends)))
    }

    /// The nearest braces around what is to stand at a path (not those at the path
    /// itself), and how many keys lead to them.
    pub(super) fn braces_around(&self, path: &[&str]) -> Option<(usize, &InlineTable)> {
        let lengths = (1..path.len()).rev();
        let mut around = lengths.map(|length| (length, self.braces(&path[..length])));
        around.find_map(|(length, braces)| Some((length, braces?)))
    }

    /// The braces at a path.
    pub(super) fn braces(&self, path: &[&str]) -> Option<&InlineTable> {
        let value = self.find(path)?.as_value()?;
        value.as_inline_table().filter(|_| !is_dotted(value))
    }

    /// The `key = value` between braces, in order of place.
    pub(super) fn sequence(&self, braces: &InlineTable) -> Option<Sequence<'t>> {
        let ends = in_order(braces).map(|(_, value)| value.span());
        let ends: Option<Vec<usize>> = ends.map(|span| Some(span?.end)).collect();
        Some(Sequence::new(self.text, &braces.span()?, ends?))
    }
}

/// The keys and values between braces in order of place.
pub(super) fn in_order(
    braces: &InlineTable,
) -> impl Iterator<Item = (Vec<&toml_edit::Key>, &Value)> {
    let mut values = braces.get_values();
    values.sort_by_key(|(_, value)| value.span().map(|span| span.start));
    values.into_iter()
}

/// True for a table that is only there because of the dots in `a.b = …`.
pub(super) fn is_dotted(value: &Value) -> bool {
    value.as_inline_table().is_some_and(InlineTable::is_dotted)
}

/// True if `path` is `prefix` or below it.
pub(super) fn is_below(path: &[String], prefix: &[&str]) -> bool {
    path.len() >= prefix.len() && path.iter().zip(prefix).all(|(name, other)| name == other)
}

fn find<'a>(table: &'a dyn TableLike, path: &[&str]) -> Option<&'a Item> {
    let (first, rest) = path.split_first()?;
    let item = table.get(first).filter(|item| !item.is_none())?;
    if rest.is_empty() {
        return Some(item);
    }
    find(item.as_table_like()?, rest)
}
