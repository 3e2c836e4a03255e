//! What is known of a file by its content alone, so that no content is looked at
//! twice: not in one run, where many files may be the same, and not in two.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use crate::nix::{Duplicate, NixFile, SyntaxError, duplicates};
use crate::survey::facts::{Facts, Setting};
use crate::survey::flatten::{facts, facts_of_part};
use crate::survey::value::{List, Text, Value};

/// What a text of Nix says, wherever it stands.
#[derive(Debug, Default)]
pub struct Content {
    /// Its settings and imports; none if it does not parse.
    pub facts: Facts,
    /// Names that it defines twice.
    pub duplicates: Vec<Duplicate>,
    /// Why it does not parse.
    pub mistake: Option<SyntaxError>,
    /// The settings' options as text, in their order.
    pub(super) options: Vec<String>,
    /// Of the options that are set, and what they stand below.
    pub(super) signature: Signature,
    /// Its text alone does not tell what some of its settings say.
    pub(super) is_uncertain: bool,
    /// Some of its values are in other files.
    reaches_out: bool,
    is_fine: AtomicBool,
}

/// A [`Content`] as it is kept from one run to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Remembered {
    facts: Facts,
    duplicates: Vec<Duplicate>,
    mistake: Option<SyntaxError>,
    is_fine: bool,
}

impl Content {
    /// What this text says.
    pub(super) fn of(nix: &Result<NixFile, SyntaxError>) -> Self {
        match nix {
            Ok(file) => Self::new(facts(file).without_homes(), duplicates(file), None),
            Err(mistake) => Self::new(Facts::default(), Vec::new(), Some(mistake.clone())),
        }
    }

    /// What the module says that is written at these bytes of a file.
    pub(super) fn of_part(nix: &NixFile, module: &Range<usize>) -> Option<Self> {
        let facts = facts_of_part(nix, module)?;
        Some(Self::new(facts.without_homes(), Vec::new(), None))
    }

    /// What these parts say together.
    fn new(mut facts: Facts, duplicates: Vec<Duplicate>, mistake: Option<SyntaxError>) -> Self {
        // Most files have one or two, and room for more adds up.
        facts.settings.shrink_to_fit();
        facts.imports.shrink_to_fit();
        let settings = facts.settings.iter();
        let options: Vec<String> = settings.clone().map(|one| one.option.join(".")).collect();
        Self {
            signature: Signature::of(&options),
            options,
            is_uncertain: settings.clone().any(Setting::is_uncertain),
            reaches_out: settings.clone().any(|one| reaches_out(&one.value)),
            is_fine: AtomicBool::new(false),
            facts,
            duplicates,
            mistake,
        }
    }

    /// What an earlier run found out.
    pub(super) fn from_earlier(kept: Remembered) -> Self {
        let content = Self::new(kept.facts, kept.duplicates, kept.mistake);
        content.is_fine.store(kept.is_fine, Ordering::Relaxed);
        content
    }

    /// What a later run need not find out.
    pub(super) fn to_remember(&self) -> Remembered {
        Remembered {
            facts: self.facts.clone(),
            duplicates: self.duplicates.clone(),
            mistake: self.mistake.clone(),
            is_fine: self.is_fine(),
        }
    }

    /// True if somebody judged it and found nothing, whatever file it is in.
    pub fn is_fine(&self) -> bool {
        self.is_fine.load(Ordering::Relaxed)
    }

    /// Remembers that it was judged and nothing was found. What depends on other
    /// files as well is judged every time.
    pub fn found_fine(&self) {
        self.is_fine.store(!self.reaches_out, Ordering::Relaxed);
    }

    /// The settings with what other files say filled in by `fill`; `None` if there
    /// is nothing to fill in.
    pub(super) fn resolved(
        &self,
        fill: impl Fn(Value, &Range<usize>) -> Value,
    ) -> Option<Vec<Setting>> {
        let settings = self.facts.settings.iter().cloned();
        let filled = settings.map(|setting| Setting {
            value: fill(setting.value, &setting.range),
            ..setting
        });
        self.reaches_out.then(|| filled.collect())
    }
}

/// Options and what they stand below, each as one bit: most questions to a file are
/// answered without a look at its settings.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Signature(u128);

impl Signature {
    /// That of one option, or of one that others stand below.
    pub(super) fn one(option: &str) -> Self {
        Self(bit(option.as_bytes()))
    }

    /// False only if none of the options is among these.
    pub(super) fn meets(self, options: Self) -> bool {
        self.0 & options.0 != 0
    }

    /// That of these options and of others.
    pub(super) fn or(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    fn of(options: &[String]) -> Self {
        let mut bits = 0;
        for option in options {
            let above = option.match_indices('.').map(|(at, _)| at);
            for end in above.chain([option.len()]) {
                bits |= bit(&option.as_bytes()[..end]);
            }
        }
        Self(bits)
    }
}

/// A fair choice of a bit, by the end of a name and its length.
fn bit(option: &[u8]) -> u128 {
    let mut end = [0; 8];
    let known = option.len().min(end.len());
    end[..known].copy_from_slice(&option[option.len() - known..]);
    let both = u64::from_le_bytes(end) ^ option.len() as u64;
    // 2^64 by the golden ratio, whose upper bits depend on all below.
    1 << (both.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 57)
}

/// Whether a value depends on what another file says.
fn reaches_out(value: &Value) -> bool {
    match value {
        Value::Elsewhere(_) => true,
        Value::List(List { items, .. }) => items.iter().any(|item| reaches_out(&item.value)),
        Value::Text(Text { holes, .. }) => holes.iter().any(reaches_out),
        // What is in a set is not filled in.
        Value::Set(_) | Value::Path(_) | Value::Bool(_) | Value::Number(_) | Value::Unknown => {
            false
        }
    }
}
