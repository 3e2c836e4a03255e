//! What a machine's files say of an option, and where.

use std::ops::Range;

use crate::diagnostic::Source;
use crate::repo::RepoPath;
use crate::survey::facts::Strength;
use crate::survey::value::{List, Value};

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The file.
    pub source: Source,
    /// The bytes.
    pub range: Range<usize>,
}

/// One definition of an option, with what other files say filled in.
#[derive(Debug, Clone)]
pub struct Hit {
    /// What it says.
    pub value: Value,
    /// How it competes with other definitions.
    pub strength: Strength,
    /// It stands under a condition.
    pub conditional: bool,
    /// Where it stands.
    pub spot: Spot,
    /// The file where it stands.
    pub path: RepoPath,
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

/// The strings of a definition; a plain string counts as its words.
pub(super) fn words(hit: &Hit) -> Vec<Word> {
    let word = |text: &str, range: Range<usize>| Word {
        text: text.to_owned(),
        strength: hit.strength,
        spot: Spot {
            source: hit.spot.source.clone(),
            range,
        },
    };
    match &hit.value {
        Value::Text(text) => {
            let each = text.text.split_whitespace();
            each.map(|one| word(one, hit.spot.range.clone())).collect()
        }
        Value::List(List { items, .. }) => {
            let each = items.iter().filter_map(|item| match &item.value {
                Value::Text(text) => Some(word(&text.text, item.range.clone())),
                _ => None,
            });
            each.collect()
        }
        _ => Vec::new(),
    }
}
