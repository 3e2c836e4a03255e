//! One table of the inventory: where it is, and what is in it.
//!
//! How its values are read stands in `values.rs`, what is said about them in
//! `refusals.rs`.

use std::ops::Range;

use toml_edit::{Item, TableLike};

use super::problems::Problems;
use crate::fleet::format::Key;
use crate::fleet::spans::place;

/// A table and where it is: `'d` is the document's life, `'p` that of the list
/// of problems.
pub(super) struct Section<'d, 'p> {
    pub(super) table: &'d dyn TableLike,
    /// The path as people write it (`hosts.pai`); empty at the top.
    pub(super) path: String,
    /// The bytes of its header.
    pub(super) place: Range<usize>,
    pub(super) problems: &'p mut Problems,
}

/// One named table in a table of the user's names.
pub(super) struct Named<'d> {
    pub(super) name: &'d str,
    pub(super) name_at: Range<usize>,
    pub(super) item: &'d Item,
    pub(super) at: Range<usize>,
}

impl<'d, 'p> Section<'d, 'p> {
    /// The top of the file.
    pub(super) fn top(table: &'d dyn TableLike, problems: &'p mut Problems) -> Self {
        Self {
            table,
            path: String::new(),
            place: 0..0,
            problems,
        }
    }

    /// The table under a key; `None`, said where it is wrong, if there is none.
    pub(super) fn table(&mut self, key: &Key) -> Option<Section<'d, '_>> {
        let item = self.get(key)?;
        let at = self.at(key);
        if item.as_table_like().is_none() {
            self.wrong_type(key, item);
        }
        self.inner(key.name, item, at)
    }

    /// The tables under a key by the names that the user gave them.
    pub(super) fn named(&mut self, key: &Key) -> Vec<Named<'d>> {
        let Some(tables) = self.table(key) else {
            return Vec::new();
        };
        let table = tables.table;
        let named = |(name, item): (&'d str, &'d Item)| Named {
            name,
            name_at: key_place(table, name).unwrap_or(0..0),
            item,
            at: place(table, name, item).unwrap_or(0..0),
        };
        table.iter().map(named).collect()
    }

    /// Opens one of [`Section::named`].
    pub(super) fn open(&mut self, key: &Key, named: &Named<'d>) -> Option<Section<'d, '_>> {
        if named.item.as_table_like().is_none() {
            self.refuse_no_table(key, named);
        }
        let path = format!("{}.{}", key.name, named.name);
        self.inner(&path, named.item, named.at.clone())
    }

    /// Each table of a list under a key.
    pub(super) fn for_each_listed(
        &mut self,
        key: &Key,
        mut read: impl FnMut(&mut Section<'d, '_>),
    ) {
        let Some(item) = self.get(key) else { return };
        let at = self.at(key);
        if let Some(tables) = item.as_array_of_tables() {
            for table in tables {
                let at = table.span().unwrap_or(at.clone());
                read(&mut self.below(key.name, table, at));
            }
            return;
        }
        let Some(array) = item.as_array() else {
            return self.wrong_type(key, item);
        };
        for value in array {
            let at = value.span().unwrap_or(at.clone());
            match value.as_inline_table() {
                Some(table) => read(&mut self.below(key.name, table, at)),
                None => self.wrong_entry(key, value),
            }
        }
    }

    /// What stands under a key.
    pub(super) fn get(&self, key: &Key) -> Option<&'d Item> {
        self.table.get(key.name).filter(|item| !item.is_none())
    }

    /// The place of what stands under a key.
    pub(super) fn at(&self, key: &Key) -> Range<usize> {
        let item = self.table.get(key.name);
        item.and_then(|item| place(self.table, key.name, item))
            .unwrap_or_else(|| self.place.clone())
    }

    /// The path of a key of this table.
    pub(super) fn path_of(&self, name: &str) -> String {
        let name = name.escape_debug();
        match self.path.as_str() {
            "" => name.to_string(),
            path => format!("{path}.{name}"),
        }
    }

    fn inner(&mut self, name: &str, item: &'d Item, at: Range<usize>) -> Option<Section<'d, '_>> {
        Some(self.below(name, item.as_table_like()?, at))
    }

    fn below(
        &mut self,
        name: &str,
        table: &'d dyn TableLike,
        place: Range<usize>,
    ) -> Section<'d, '_> {
        Section {
            table,
            path: self.path_of(name),
            place,
            problems: self.problems,
        }
    }
}

/// The place of a name in its table.
pub(super) fn key_place(table: &dyn TableLike, name: &str) -> Option<Range<usize>> {
    table.key(name).and_then(toml_edit::Key::span)
}
