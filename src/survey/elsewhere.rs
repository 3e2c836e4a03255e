//! What other files say: `(import ../keys.nix).hosts.pai`, `readFile ./pai.pub`.

use std::ops::Range;

use crate::flake::{FileValues, KnownValue};
use crate::repo::{Repo, RepoPath};
use crate::survey::known_value::known;
use crate::survey::value::{Elsewhere, FileUse, HOLE, Item, List, Text, Value};

/// Fills in what other files say.
pub(super) struct Resolver<'a, F> {
    repo: &'a Repo,
    /// Where the values of files are to be had, if they are needed.
    values: F,
    /// The file in which the values stand that are filled in.
    from: &'a RepoPath,
}

impl<'a, F: Fn() -> &'a FileValues> Resolver<'a, F> {
    pub(super) fn new(repo: &'a Repo, values: F, from: &'a RepoPath) -> Self {
        Self { repo, values, from }
    }

    /// The value with everything filled in that can be found; `place` is where it stands.
    pub(super) fn resolved(&self, value: Value, place: &Range<usize>) -> Value {
        match value {
            Value::Elsewhere(there) => self.there(&there, place),
            Value::List(list) => Value::List(self.list(list)),
            Value::Text(text) if !text.holes.is_empty() => self.text(text, place),
            other => other,
        }
    }

    fn there(&self, there: &Elsewhere, place: &Range<usize>) -> Value {
        let Some(path) = self.from.beside(&there.file) else {
            return Value::Unknown;
        };
        if there.how == FileUse::Read {
            let text = self.repo.text(&path).ok().flatten();
            return text.map_or(Value::Unknown, |text| Value::Text(one_line(&text)));
        }
        let found = (self.values)().at(&path, &there.names);
        let found = match (there.how, found) {
            (FileUse::Values, KnownValue::Set(entries)) => KnownValue::List {
                items: entries.into_iter().map(|(_, one)| (one, None)).collect(),
                is_open: false,
            },
            (FileUse::Values, _) => KnownValue::Unknown,
            (_, found) => found,
        };
        without_line_ends(known(&found, place))
    }

    fn list(&self, list: List) -> List {
        let mut out = List {
            items: Vec::new(),
            open: list.open,
        };
        for item in list.items {
            match self.resolved(item.value, &item.range) {
                // `attrValues` among the items: each stands where the whole stands.
                Value::List(inner) => {
                    let range = item.range;
                    let each = inner.items.into_iter().map(|one| Item {
                        value: one.value,
                        range: range.clone(),
                        condition: item.condition.clone(),
                    });
                    out.items.extend(each);
                    out.open |= inner.open;
                }
                value => out.items.push(Item { value, ..item }),
            }
        }
        out
    }

    fn text(&self, text: Text, place: &Range<usize>) -> Value {
        let mut out = Text::default();
        let mut holes = text.holes.into_iter();
        for part in text.text.split_inclusive(HOLE) {
            out.text.push_str(part.trim_end_matches(HOLE));
            if !part.ends_with(HOLE) {
                continue;
            }
            match holes.next().map(|hole| self.resolved(hole, place)) {
                Some(Value::Text(inner)) => {
                    out.text.push_str(&inner.text);
                    out.holes.extend(inner.holes);
                }
                other => {
                    out.text.push(HOLE);
                    out.holes.push(other.unwrap_or(Value::Unknown));
                }
            }
        }
        Value::Text(out)
    }
}

fn one_line(text: &str) -> Text {
    text.trim_end_matches('\n').into()
}

/// A key that a file has read from another ends as that file does.
fn without_line_ends(value: Value) -> Value {
    match value {
        Value::Text(text) => Value::Text(one_line(&text.text)),
        Value::List(list) => {
            let items = list.items.into_iter().map(|item| Item {
                value: without_line_ends(item.value),
                ..item
            });
            Value::List(List {
                items: items.collect(),
                open: list.open,
            })
        }
        other => other,
    }
}
