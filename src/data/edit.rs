//! Sets and removes values of a TOML text by their paths.

use serde_json::{Map, Value};

use super::tree::{NodeKind, Segment};
use super::{Data, DataFormat, literal, verify};
use crate::text::TextEdit;

/// A TOML text while values are set in it.
///
/// What goes with a table that is removed: its lines, the comments directly above its
/// header and directly below its last line (no blank line between), and one blank line
/// before it. With a single value goes the comment behind it on its line, not those
/// above.
#[derive(Debug, Clone)]
pub(crate) struct TomlEdit {
    pub(super) data: Data,
    /// The value of the text.
    value: Value,
}

/// A key and its value; `None`: the table has no such key.
pub(crate) type Field<'a> = (&'a str, Option<Value>);

/// The text is not TOML, or has a form in which a change cannot be made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Uneditable;

pub(super) type Done = Result<(), Uneditable>;

impl TomlEdit {
    /// Reads a text.
    pub(crate) fn of(text: &str) -> Result<Self, Uneditable> {
        let data = Data::parse(text, DataFormat::Toml).ok_or(Uneditable)?;
        let value = data.value();
        Ok(Self { data, value })
    }

    /// The text as it is now; after an error it may be anything.
    pub(crate) fn text(&self) -> &str {
        &self.data.text
    }

    /// Changes the table at the path where `new` differs from `old`, which is what the
    /// text says now; adds the table if it is missing.
    pub(crate) fn set_table(&mut self, path: &[&str], old: &[Field], new: &[Field]) -> Done {
        self.change_table(&keys(path), old, new)
    }

    /// Adds tables of one kind (`hosts`), none of which is there yet.
    pub(crate) fn add_tables(&mut self, kind: &str, tables: &[(&str, Vec<Field>)]) -> Done {
        if self.data.brackets(&keys(&[kind])).is_some() {
            let mut tables = tables.iter();
            return tables.try_for_each(|(name, fields)| self.add(&keys(&[kind, name]), fields));
        }
        let edit = self.data.sections_added(kind, tables);
        self.apply(&edit, |all| {
            let mut tables = tables.iter();
            tables.try_fold(all, |all, (name, fields)| {
                verify::with(all, &keys(&[kind, name]), table(fields))
            })
        })
    }

    /// Takes everything at the path and below it away, in whatever form it is.
    pub(crate) fn remove(&mut self, path: &[&str]) -> Done {
        self.take_out(&keys(path))
    }

    /// Takes a string out of the list at the path, if it is there.
    pub(crate) fn remove_item(&mut self, list: &[&str], item: &str) -> Done {
        self.take_item_out(&keys(list), item)
    }

    /// Gives what is at the path another key, wherever that is written.
    pub(crate) fn rename(&mut self, path: &[&str], name: &str) -> Done {
        let path = keys(path);
        if self.data.root.node(&path).is_none() {
            return Ok(());
        }
        let edit = self.data.rename(&path, name).ok_or(Uneditable)?;
        self.apply(&edit, |all| verify::renamed(all, &path, name))
    }

    /// Gives the string at the path another text, in the same quotes. Lists on the way
    /// are entered by number.
    pub(crate) fn set_text(&mut self, path: &[Segment], text: &str) -> Done {
        let edit = self.data.set_string(path, text).ok_or(Uneditable)?;
        self.apply(&edit, |all| verify::replaced(all, path, text.into()))
    }

    /// Gives a string of the list at the path another text, if it is there.
    pub(crate) fn rename_item(&mut self, list: &[&str], item: &str, new: &str) -> Done {
        let list = keys(list);
        match self.item_at(&list, item) {
            Some(at) => self.set_text(&[list, vec![Segment::Index(at)]].concat(), new),
            None => Ok(()),
        }
    }

    /// Writes a comment behind the value at the path; nowhere if that is in braces.
    pub(crate) fn comment(&mut self, path: &[&str], comment: &str) -> Done {
        let path = keys(path);
        let line = self.data.statements_of(&path).next();
        let Some(end) = line
            .filter(|line| line.path == path)
            .map(|line| line.range.end)
        else {
            return Ok(());
        };
        self.apply(&TextEdit::insert(end, format!(" # {comment}")), Some)
    }

    /// Takes the string at the path away, if it is this one with this comment.
    pub(crate) fn remove_commented(&mut self, path: &[&str], text: &str, comment: &str) -> Done {
        let path = keys(path);
        let is_text = self.data.root.node(&path).and_then(|node| node.as_str()) == Some(text);
        let line = self.data.statements_of(&path).next();
        let behind = line.map(|line| &self.data.text[line.range.end..]);
        let behind = behind.and_then(|behind| behind.lines().next());
        let has_comment = behind.is_some_and(|it| it.trim() == format!("# {comment}"));
        if is_text && has_comment {
            return self.take_out(&path);
        }
        Ok(())
    }

    fn change_table(&mut self, path: &[Segment], old: &[Field], new: &[Field]) -> Done {
        if !path.is_empty() && self.data.root.node(path).is_none() {
            return self.add(path, new);
        }
        for (name, value) in new {
            let before = old.iter().find(|(other, _)| other == name);
            let before = before.and_then(|(_, value)| value.as_ref());
            if before != value.as_ref() {
                self.set(path, name, before, value.as_ref())?;
            }
        }
        Ok(())
    }

    fn set(
        &mut self,
        table: &[Segment],
        name: &str,
        old: Option<&Value>,
        new: Option<&Value>,
    ) -> Done {
        let path = [table, &keys(&[name])].concat();
        match (old, new) {
            (_, None) => self.take_out(&path),
            (Some(Value::String(_)), Some(Value::Array(new))) => self.pair(&path, new),
            (Some(Value::Array(old)), Some(Value::String(new))) => self.unpair(&path, old, new),
            (Some(Value::Array(old)), Some(Value::Array(new))) => self.set_list(&path, old, new),
            (Some(Value::Object(old)), Some(Value::Object(new))) => {
                let gone = old.keys().filter(|name| !new.contains_key(*name));
                let gone = gone.map(|name| (name.as_str(), None));
                let new: Vec<Field> = fields(new).chain(gone).collect();
                self.change_table(&path, &fields(old).collect::<Vec<_>>(), &new)
            }
            (_, Some(new)) => self.put(table, name, new),
        }
    }

    fn set_list(&mut self, path: &[Segment], old: &[Value], new: &[Value]) -> Done {
        let strings = |all: &[Value], others: &[Value]| -> Vec<String> {
            let only = all.iter().filter(|item| !others.contains(item));
            only.filter_map(|item| item.as_str().map(str::to_owned))
                .collect()
        };
        for item in strings(old, new) {
            self.take_item_out(path, &item)?;
        }
        for item in strings(new, old) {
            let (index, edit) = self.data.item_added(path, &item).ok_or(Uneditable)?;
            let at = [path, &[Segment::Index(index)]].concat();
            self.apply(&edit, |all| verify::with(all, &at, item.into()))?;
        }
        Ok(())
    }

    /// Puts the value where the key's value is, or behind the others of its table.
    fn put(&mut self, table: &[Segment], name: &str, value: &Value) -> Done {
        let path = [table, &keys(&[name])].concat();
        let old = self.data.root.node(&path);
        let edit = match (old, old.and_then(|old| old.range.clone()), value) {
            (None, ..) => self.data.member_added(table, name, value),
            // An empty list is there: its brackets stay.
            (Some(old), Some(_), Value::Array(new)) if matches!(old.kind, NodeKind::List(_)) => {
                return self.set_list(&path, &[], new);
            }
            (Some(_), Some(range), _) => TextEdit::replace(range, literal::toml(value)),
            // A table with lines of its own gives way to the value.
            (Some(_), None, _) => {
                self.take_out(&path)?;
                self.data.member_added(table, name, value)
            }
        };
        self.apply(&edit, |all| verify::with(all, &path, value.clone()))
    }

    fn add(&mut self, path: &[Segment], fields: &[Field]) -> Done {
        let edit = self.data.table_added(path, fields);
        self.apply(&edit, |all| verify::with(all, path, table(fields)))
    }

    fn take_out(&mut self, path: &[Segment]) -> Done {
        if self.data.root.node(path).is_none() {
            return Ok(());
        }
        while self.data.root.node(path).is_some() {
            let edit = self.data.part_removed(path).ok_or(Uneditable)?;
            self.data = self.after(&edit)?;
        }
        let value = verify::without(std::mem::take(&mut self.value), path);
        self.value = value.ok_or(Uneditable)?;
        if self.data.root.is(&self.value) {
            return Ok(());
        }
        // A table without a header is gone with the last that is in it.
        let whole = |value| verify::without_empty(value, path);
        let expected = whole(std::mem::take(&mut self.value));
        self.value = self.data.value();
        (whole(self.value.clone()) == expected)
            .then_some(())
            .ok_or(Uneditable)
    }

    fn take_item_out(&mut self, list: &[Segment], item: &str) -> Done {
        let Some(index) = self.item_at(list, item) else {
            return Ok(());
        };
        let brackets = self.data.brackets(list).ok_or(Uneditable)?;
        let edit = brackets.sequence.remove(index);
        let at = [list, &[Segment::Index(index)]].concat();
        self.apply(&edit, |all| verify::without(all, &at))
    }

    fn item_at(&self, list: &[Segment], item: &str) -> Option<usize> {
        let NodeKind::List(items) = &self.data.root.node(list)?.kind else {
            return None;
        };
        items.iter().position(|one| one.as_str() == Some(item))
    }

    /// Goes on with the text after the edit, if its value is the one before it with this
    /// change.
    pub(super) fn apply(
        &mut self,
        edit: &TextEdit,
        change: impl FnOnce(Value) -> Option<Value>,
    ) -> Done {
        self.value = change(std::mem::take(&mut self.value)).ok_or(Uneditable)?;
        self.data = self.after(edit)?;
        let is_expected = self.data.root.is(&self.value);
        is_expected.then_some(()).ok_or(Uneditable)
    }

    fn after(&self, edit: &TextEdit) -> Result<Data, Uneditable> {
        let text = edit.apply(&self.data.text);
        self.data.reparse(&text).ok_or(Uneditable)
    }
}

fn keys(path: &[&str]) -> Vec<Segment> {
    path.iter().copied().map(Segment::key).collect()
}

fn fields(table: &Map<String, Value>) -> impl Iterator<Item = Field<'_>> {
    table
        .iter()
        .map(|(name, value)| (name.as_str(), Some(value.clone())))
}

fn table(fields: &[Field]) -> Value {
    let member = |(name, value): &Field| Some(((*name).to_owned(), value.clone()?));
    Value::Object(fields.iter().filter_map(member).collect())
}
