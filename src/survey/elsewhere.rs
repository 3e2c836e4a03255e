//! What other files say: `(import ../keys.nix).hosts.pai`, `readFile ./pai.pub`.

use rnix::ast::{Expr, HasEntry};
use rowan::ast::AstNode;

use crate::nix::range_of;
use crate::repo::{Repo, RepoPath};
use crate::survey::entry_file::entry_file;
use crate::survey::lookup::{Lookup, Meaning};
use crate::survey::read::{meant, value};
use crate::survey::value::{Elsewhere, HOLE, How, Item, List, Text, Value};

/// Files that name a value in another file that names it in another.
const HOPS: u8 = 8;

/// Fills in what other files say.
pub(super) struct Resolver<'a> {
    repo: &'a Repo,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(repo: &'a Repo) -> Self {
        Self { repo }
    }

    /// The value with everything filled in that can be found; `from` is the file
    /// in which it stands.
    pub(super) fn resolved(&self, from: &RepoPath, value: Value) -> Value {
        self.fill(from, value, HOPS)
    }

    fn fill(&self, from: &RepoPath, value: Value, hops: u8) -> Value {
        match value {
            Value::Elsewhere(there) => self.there(from, &there, hops),
            Value::List(list) => Value::List(self.list(from, list, hops)),
            Value::Text(text) if !text.holes.is_empty() => self.text(from, text, hops),
            other => other,
        }
    }

    fn there(&self, from: &RepoPath, there: &Elsewhere, hops: u8) -> Value {
        let Some((path, hops)) = from.beside(&there.file).zip(hops.checked_sub(1)) else {
            return Value::Unknown;
        };
        if there.how == How::Read {
            let text = self.repo.text(&path).ok().flatten();
            let line = |text: std::sync::Arc<str>| Text::from(text.trim_end_matches('\n'));
            return text.map_or(Value::Unknown, |text| Value::Text(line(text)));
        }
        let path = entry_file(self.repo, path);
        let Some(Ok(nix)) = self.repo.nix(&path) else {
            return Value::Unknown;
        };
        let meaning = Lookup::new().at(&nix.expr(), &there.names);
        let found = match there.how {
            How::Values => values(meaning),
            _ => meant(meaning),
        };
        self.fill(&path, found, hops)
    }

    fn list(&self, from: &RepoPath, list: List, hops: u8) -> List {
        let mut out = List {
            items: Vec::new(),
            open: list.open,
        };
        for item in list.items {
            match self.fill(from, item.value, hops) {
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

    fn text(&self, from: &RepoPath, text: Text, hops: u8) -> Value {
        let mut out = Text::default();
        let mut holes = text.holes.into_iter();
        for part in text.text.split_inclusive(HOLE) {
            out.text.push_str(part.trim_end_matches(HOLE));
            if !part.ends_with(HOLE) {
                continue;
            }
            match holes.next().map(|hole| self.fill(from, hole, hops)) {
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

/// `attrValues` of a literal set.
fn values(meaning: Meaning) -> Value {
    let Meaning::Here(Expr::AttrSet(set)) = meaning else {
        return Value::Unknown;
    };
    let items = set.attrpath_values().filter_map(|entry| {
        let expr = entry.value()?;
        Some(Item::new(value(&expr), range_of(expr.syntax())))
    });
    Value::List(List {
        items: items.collect(),
        open: set.inherits().next().is_some(),
    })
}
