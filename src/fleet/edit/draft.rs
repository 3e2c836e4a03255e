//! The inventory's text while it is edited: one change, one new text.
//!
//! Places come from the tree of `toml_edit`, changes are patches of the text: what
//! is not patched stays as it is, line ends and odd spacing included.

use toml_edit::Item;

use super::value::{Field, Value};
use super::view::{Broken, View, is_dotted};
use crate::text::TextEdit;

pub(super) struct Draft {
    text: String,
}

impl Draft {
    pub(super) fn of(text: &str) -> Self {
        Self {
            text: text.to_owned(),
        }
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// Makes the table at `path` say `new` where it now says `old`; adds the
    /// table if it is missing.
    pub(super) fn set_table(
        &mut self,
        path: &[&str],
        old: &[Field],
        new: &[Field],
    ) -> Result<(), Broken> {
        let view = self.view()?;
        if !path.is_empty() && view.find(path).is_none() {
            let edit = view.add_table(path, new)?;
            self.apply(&edit);
            return Ok(());
        }
        for (key, value) in new {
            let before = old.iter().find(|(other, _)| other.name == key.name);
            let before = before.and_then(|(_, value)| value.as_ref());
            if before != value.as_ref() {
                self.set(path, key.name, before, value.as_ref())?;
            }
        }
        Ok(())
    }

    /// Adds tables of one kind (`hosts`), none of which is there yet.
    pub(super) fn add_tables(
        &mut self,
        kind: &str,
        tables: &[(&str, Vec<Field>)],
    ) -> Result<(), Broken> {
        let view = self.view()?;
        if view.braces(&[kind]).is_none() {
            let edit = view.add_sections(kind, tables);
            self.apply(&edit);
            return Ok(());
        }
        for (name, fields) in tables {
            let edit = self.view()?.add_table(&[kind, name], fields)?;
            self.apply(&edit);
        }
        Ok(())
    }

    /// Takes everything at `path` and below it away, in whatever form it is.
    pub(super) fn remove(&mut self, path: &[&str]) -> Result<(), Broken> {
        while let Some(edit) = self.view()?.remove_part(path)? {
            self.apply(&edit);
        }
        Ok(())
    }

    /// Takes one entry out of the list at `path`, if it is there.
    pub(super) fn remove_entry(&mut self, path: &[&str], entry: &str) -> Result<(), Broken> {
        if let Some(edit) = self.view()?.remove_entry(path, entry) {
            self.apply(&edit);
        }
        Ok(())
    }

    fn set(
        &mut self,
        table: &[&str],
        name: &str,
        old: Option<&Value>,
        new: Option<&Value>,
    ) -> Result<(), Broken> {
        let path = [table, &[name]].concat();
        match (old, new) {
            (_, None) => self.remove(&path),
            (Some(Value::List(old)), Some(Value::List(new))) => self.set_list(&path, old, new),
            (Some(Value::Table(old)), Some(Value::Table(new))) => self.set_table(&path, old, new),
            (_, Some(new)) => self.put(table, name, new),
        }
    }

    fn set_list(&mut self, path: &[&str], old: &[String], new: &[String]) -> Result<(), Broken> {
        for entry in old.iter().filter(|entry| !new.contains(entry)) {
            self.remove_entry(path, entry)?;
        }
        for entry in new.iter().filter(|entry| !old.contains(entry)) {
            let edit = self.view()?.add_entry(path, entry)?;
            self.apply(&edit);
        }
        Ok(())
    }

    /// Puts the value where the key's value is, or behind the others of its table.
    fn put(&mut self, table: &[&str], name: &str, value: &Value) -> Result<(), Broken> {
        let path = [table, &[name]].concat();
        let view = self.view()?;
        let edit = match (view.find(&path), value) {
            (None, _) => view.add_value(table, name, value)?,
            // An empty list is there: its brackets stay.
            (Some(Item::Value(toml_edit::Value::Array(_))), Value::List(new)) => {
                return self.set_list(&path, &[], new);
            }
            (Some(Item::Value(old)), _) if !is_dotted(old) => {
                TextEdit::replace(old.span().ok_or(Broken)?, value.literal())
            }
            // A table with lines of its own gives way to the value.
            (Some(_), _) => {
                self.remove(&path)?;
                self.view()?.add_value(table, name, value)?
            }
        };
        self.apply(&edit);
        Ok(())
    }

    fn apply(&mut self, edit: &TextEdit) {
        self.text = edit.apply(&self.text);
    }

    fn view(&self) -> Result<View<'_>, Broken> {
        View::of(&self.text)
    }
}
