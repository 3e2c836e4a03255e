//! What a machine's files say of an option, and where.

use std::ops::Range;

use crate::diagnostic::Source;
use crate::repo::{LazySource, RepoPath};
use crate::survey::facts::{Setting, Strength};
use crate::survey::value::{List, Value};

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The file.
    pub file: LazySource,
    /// The bytes.
    pub range: Range<usize>,
    /// The bytes of a condition, where it is not known whether it holds: what is written
    /// here is in force if it does.
    pub condition: Option<Range<usize>>,
}

impl Spot {
    /// The text that it is in.
    pub fn source(&self) -> &Source {
        self.file.source()
    }

    /// The bytes, if the text has them still.
    pub fn bytes(&self) -> Range<usize> {
        let is_there = self.source().text.get(self.range.clone()).is_some();
        if is_there { self.range.clone() } else { 0..0 }
    }

    /// The condition that it depends on, as it is written.
    pub fn condition(&self) -> Option<&str> {
        self.source().text.get(self.condition.clone()?)
    }

    /// What is written there.
    pub fn written(&self) -> &str {
        let text = self.source().text.get(self.range.clone());
        text.unwrap_or_default()
    }
}

/// One definition of an option, with what other files say filled in.
#[derive(Debug, Clone)]
pub struct Hit {
    /// What it says.
    pub value: Value,
    /// How it competes with other definitions.
    pub strength: Strength,
    /// Where it is among others that it is joined with: lower is first (`mkOrder`).
    pub order: i64,
    /// Where it stands.
    pub spot: Spot,
}

impl Hit {
    /// True if it depends on a condition of which it is not known whether it holds.
    pub fn is_conditional(&self) -> bool {
        self.spot.condition.is_some()
    }

    /// The file where it stands.
    pub fn path(&self) -> &RepoPath {
        self.spot.file.path()
    }
}

/// One string of a list, and where it stands.
#[derive(Debug, Clone)]
pub struct Word {
    /// The string; a [`HOLE`](crate::survey::HOLE) for a part that is not known.
    pub text: String,
    /// How its list competes with other definitions.
    pub strength: Strength,
    /// Where it stands.
    pub spot: Spot,
}

impl Word {
    /// The words that it holds, each where the whole stands.
    pub(super) fn split(&self) -> impl Iterator<Item = Self> + '_ {
        let each = self.text.split_whitespace();
        each.map(|text| Self {
            text: text.to_owned(),
            ..self.clone()
        })
    }
}

/// The strings of a definition; a plain string counts as its words, and an absolute path
/// is written to nix.conf as it is.
pub(super) fn words(setting: &Setting, file: &LazySource) -> Vec<Word> {
    let word = |text: &str, range: &Range<usize>, condition: Option<&Range<usize>>| Word {
        text: text.to_owned(),
        strength: setting.strength,
        spot: Spot {
            file: file.clone(),
            range: range.clone(),
            condition: condition.or(setting.condition.as_ref()).cloned(),
        },
    };
    match &setting.value {
        Value::Text(text) => {
            let each = text.text.split_whitespace();
            each.map(|one| word(one, &setting.range, None)).collect()
        }
        Value::Path(path) if path.starts_with('/') => vec![word(path, &setting.range, None)],
        Value::List(List { items, .. }) => {
            let each = items.iter().filter_map(|item| {
                let text = match &item.value {
                    Value::Text(text) => &text.text,
                    Value::Path(path) if path.starts_with('/') => path,
                    _ => return None,
                };
                Some(word(text, &item.range, item.condition.as_ref()))
            });
            each.collect()
        }
        _ => Vec::new(),
    }
}
