//! The value that the entry of a new host must have in a file of data: that of its
//! sibling's entry, without the parts that only the sibling has.
//!
//! As for an entry in Nix, a text with the sibling's name gets the new one, and the
//! platform is the one that was asked for. A value that no other host has stays
//! behind where others do without, and must be written by a person where all have
//! their own.

use serde_json::{Map, Number, Value};

use crate::data::Segment;
use crate::flake::entry::answer;
use crate::flake::entry::request::NewEntry;
use crate::flake::entry::specific::{CarryOver, describes_a_machine, is_address};
use crate::fleet::System;
use crate::text::rename_word;

/// A host that has an entry, by name.
pub(super) type OtherEntry<'a> = (&'a str, &'a Value);

/// The sibling, the new host, and the others.
pub(super) struct EntrySpec<'a> {
    pub(super) new: &'a NewEntry,
    pub(super) sibling: &'a str,
    /// The name of the sibling's module, where that is not the host's.
    pub(super) module: Option<&'a str>,
    /// Where in the entry the host's name is, if it is not the key.
    pub(super) name: Option<&'a [Segment]>,
}

/// What has to be done to a copy of the sibling's entry.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Parts to take out.
    pub(super) left_out: Vec<Vec<Segment>>,
    /// Texts to replace.
    pub(super) texts: Vec<(Vec<Segment>, String)>,
    /// Numbers to replace.
    pub(super) numbers: Vec<(Vec<Segment>, Number)>,
    /// Keys to rename.
    pub(super) keys: Vec<(Vec<Segment>, String)>,
    /// Values that only a person can write.
    pub(super) needed: Vec<Vec<Segment>>,
}

impl EntrySpec<'_> {
    /// The entry of the new host, and how the sibling's becomes it.
    pub(super) fn of(&self, entry: &Value, others: &[OtherEntry]) -> (Value, Changes) {
        let mut changes = Changes::default();
        let others: Vec<Option<OtherEntry>> = others.iter().copied().map(Some).collect();
        let value = match self.part(&[], entry, &others, &mut changes) {
            CarryOver::Kept(value) => value,
            CarryOver::LeftOut | CarryOver::Needed => entry.clone(),
        };
        (value, changes)
    }

    fn part(
        &self,
        path: &[Segment],
        part: &Value,
        theirs: &[Option<OtherEntry>],
        changes: &mut Changes,
    ) -> CarryOver<Value> {
        match part {
            Value::Object(members) => self.table(path, members, theirs, changes),
            Value::Array(items) => self.list(path, items, theirs, changes),
            Value::String(text) => self.text(path, text, theirs, changes),
            other => plain(other, theirs),
        }
    }

    fn table(
        &self,
        path: &[Segment],
        members: &Map<String, Value>,
        theirs: &[Option<OtherEntry>],
        changes: &mut Changes,
    ) -> CarryOver<Value> {
        let mut kept = Map::new();
        for (name, value) in members {
            let at = [path, &[Segment::key(name)]].concat();
            let beside: Vec<Option<OtherEntry>> =
                theirs.iter().map(|one| self.member(*one, name)).collect();
            let mut inner = Changes::default();
            let carried = if is_of_machine(name, &beside) {
                CarryOver::LeftOut
            } else {
                self.part(&at, value, &beside, &mut inner)
            };
            match carried {
                CarryOver::Kept(value) => {
                    changes.join(inner);
                    kept.insert(self.key(&at, name, changes), value);
                }
                CarryOver::LeftOut => changes.left_out.push(at),
                CarryOver::Needed => {
                    let given = self.given(&at, value, changes);
                    if given.is_none() {
                        changes.needed.push(at);
                    }
                    kept.insert(name.clone(), given.unwrap_or_else(|| value.clone()));
                }
            }
        }
        let is_emptied = kept.is_empty() && !members.is_empty() && !path.is_empty();
        if is_emptied && (theirs.is_empty() || theirs.iter().any(Option::is_none)) {
            return CarryOver::LeftOut;
        }
        CarryOver::Kept(Value::Object(kept))
    }

    /// The new host's value where each host has its own, if it was given.
    fn given(&self, path: &[Segment], value: &Value, changes: &mut Changes) -> Option<Value> {
        let position = names_of(path);
        let given = |example: &str| answer::given(self.new, &position, example);
        match value {
            Value::String(text) => Some(changes.text(path, text, given(text)?)),
            Value::Number(number) => {
                let new: Number = given(&number.to_string())?.parse().ok()?;
                changes.numbers.push((path.to_vec(), new.clone()));
                Some(Value::Number(new))
            }
            Value::Array(items) => match items.as_slice() {
                [Value::String(text)] => {
                    let at = [path, &[Segment::Index(0)]].concat();
                    Some(Value::Array(vec![changes.text(&at, text, given(text)?)]))
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// What another host has under a name; under its own, where this is the sibling's.
    fn member<'a>(&self, other: Option<OtherEntry<'a>>, name: &str) -> Option<OtherEntry<'a>> {
        let (host, value) = other?;
        let name = if name == self.sibling { host } else { name };
        value.get(name).map(|value| (host, value))
    }

    fn key(&self, path: &[Segment], name: &str, changes: &mut Changes) -> String {
        if name != self.sibling {
            return name.to_owned();
        }
        changes.keys.push((path.to_vec(), self.new.name.clone()));
        self.new.name.clone()
    }

    /// An item that no other host has stays behind; what is left of a list that only
    /// has such items is nothing.
    fn list(
        &self,
        path: &[Segment],
        items: &[Value],
        theirs: &[Option<OtherEntry>],
        changes: &mut Changes,
    ) -> CarryOver<Value> {
        let mut inner = Changes::default();
        let mut kept = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let at = [path, &[Segment::Index(index)]].concat();
            if self.stays_behind(item, theirs) {
                inner.left_out.push(at);
            } else {
                kept.push(self.renamed(&at, item, theirs, &mut inner));
            }
        }
        if kept.is_empty() && !items.is_empty() {
            let is_empty = |list: &Option<OtherEntry>| {
                list.is_some_and(|(_, list)| list.as_array().is_some_and(Vec::is_empty))
            };
            if theirs.iter().any(Option::is_none) || (theirs.is_empty() && !has_address(items)) {
                return CarryOver::LeftOut;
            }
            if !theirs.iter().any(is_empty) {
                return CarryOver::Needed;
            }
        }
        changes.join(inner);
        CarryOver::Kept(Value::Array(kept))
    }

    fn stays_behind(&self, item: &Value, theirs: &[Option<OtherEntry>]) -> bool {
        let text = item.to_string();
        if item
            .as_str()
            .is_some_and(|text| self.replaced(text).is_some())
        {
            return false;
        }
        if theirs.is_empty() {
            return describes_a_machine(&text) || has_address(std::slice::from_ref(item));
        }
        let own = rename_word(&text, self.sibling, "@");
        let has = |(name, list): &OtherEntry| {
            let items = list.as_array().into_iter().flatten();
            items
                .into_iter()
                .any(|item| rename_word(&item.to_string(), name, "@") == own)
        };
        !theirs.iter().flatten().any(has)
    }

    /// The same with the sibling's name replaced in all texts of it.
    fn renamed(
        &self,
        path: &[Segment],
        value: &Value,
        theirs: &[Option<OtherEntry>],
        changes: &mut Changes,
    ) -> Value {
        let below = |step: Segment| [path, &[step]].concat();
        match value {
            Value::String(text) => match self.text_of(path, text, theirs) {
                Some(new) => changes.text(path, text, new),
                None => value.clone(),
            },
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let renamed = items
                    .map(|(at, item)| self.renamed(&below(Segment::Index(at)), item, &[], changes));
                Value::Array(renamed.collect())
            }
            Value::Object(members) => {
                let renamed = members.iter().map(|(name, value)| {
                    let at = below(Segment::key(name));
                    let value = self.renamed(&at, value, &[], changes);
                    (self.key(&at, name, changes), value)
                });
                Value::Object(renamed.collect())
            }
            other => other.clone(),
        }
    }

    fn text(
        &self,
        path: &[Segment],
        text: &str,
        theirs: &[Option<OtherEntry>],
        changes: &mut Changes,
    ) -> CarryOver<Value> {
        if let Some(new) = self.text_of(path, text, theirs) {
            return CarryOver::Kept(changes.text(path, text, new));
        }
        if theirs.is_empty() && is_address(text) {
            return CarryOver::Needed;
        }
        own(&Value::from(text), theirs)
    }

    /// The text that the new host gets instead; `None`: this is not the host's name.
    fn text_of(
        &self,
        path: &[Segment],
        text: &str,
        theirs: &[Option<OtherEntry>],
    ) -> Option<String> {
        if self.name.is_some_and(|name| name == path) || (path.is_empty() && text == self.sibling) {
            return Some(self.new.name.clone());
        }
        let is_same = |(_, their): &OtherEntry| match their {
            Value::Array(items) => items.iter().any(|item| item == text),
            their => *their == text,
        };
        if text.parse::<System>().is_err() && theirs.iter().flatten().any(is_same) {
            return None;
        }
        self.replaced(text)
    }

    /// The replacement of a platform, a module's name or the sibling's own.
    fn replaced(&self, text: &str) -> Option<String> {
        if text.parse::<System>().is_ok() {
            return Some(self.new.system.clone().unwrap_or_else(|| text.to_owned()));
        }
        if self.module == Some(text) {
            return Some(self.new.name.clone());
        }
        let renamed = rename_word(text, self.sibling, &self.new.name);
        (renamed != text).then_some(renamed)
    }
}

impl Changes {
    fn join(&mut self, inner: Self) {
        self.left_out.extend(inner.left_out);
        self.numbers.extend(inner.numbers);
        self.texts.extend(inner.texts);
        self.keys.extend(inner.keys);
        self.needed.extend(inner.needed);
    }

    fn text(&mut self, path: &[Segment], old: &str, new: String) -> Value {
        if new != old {
            self.texts.push((path.to_vec(), new.clone()));
        }
        Value::String(new)
    }
}

/// The names of the keys that lead to a part.
pub(super) fn names_of(path: &[Segment]) -> Vec<String> {
    let names = path.iter().filter_map(|segment| match segment {
        Segment::Key(name) => Some(name.to_string()),
        Segment::Index(_) => None,
    });
    names.collect()
}

/// True for a part about a machine's body that not all hosts have.
fn is_of_machine(name: &str, theirs: &[Option<OtherEntry>]) -> bool {
    let has_all = !theirs.is_empty() && theirs.iter().all(Option::is_some);
    describes_a_machine(name) && !has_all
}

/// A truth value that all have is a choice, a number an identity.
fn plain(value: &Value, theirs: &[Option<OtherEntry>]) -> CarryOver<Value> {
    match own(value, theirs) {
        CarryOver::Needed if !value.is_number() => CarryOver::Kept(value.clone()),
        other => other,
    }
}

fn own(value: &Value, theirs: &[Option<OtherEntry>]) -> CarryOver<Value> {
    let is_shared = theirs.iter().flatten().any(|(_, their)| *their == value);
    if theirs.is_empty() || is_shared {
        CarryOver::Kept(value.clone())
    } else if theirs.iter().any(Option::is_none) {
        CarryOver::LeftOut
    } else {
        CarryOver::Needed
    }
}

fn has_address(items: &[Value]) -> bool {
    items.iter().filter_map(Value::as_str).any(is_address)
}
