//! What is known of a file by its content alone, so that no content is looked at
//! twice: not in one run, where many files may be the same, and not in two.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::nix::{Duplicate, NixFile, SyntaxError, duplicates};
use crate::survey::facts::{Facts, Setting};
use crate::survey::flatten::facts;
use crate::survey::value::{List, Text, Value};

/// The identity of a content: its SHA-256.
pub type Hash = [u8; 32];

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
    signature: Signature,
    /// Some of its values are in other files.
    reaches_out: bool,
    is_fine: AtomicBool,
    is_needed: AtomicBool,
}

/// A [`Content`] as it is kept from one run to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remembered {
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

    /// What these parts say together.
    fn new(facts: Facts, duplicates: Vec<Duplicate>, mistake: Option<SyntaxError>) -> Self {
        let settings = facts.settings.iter();
        let options: Vec<String> = settings.clone().map(|one| one.option.join(".")).collect();
        Self {
            signature: Signature::of(&options),
            options,
            reaches_out: settings.clone().any(|one| reaches_out(&one.value)),
            is_fine: AtomicBool::new(false),
            is_needed: AtomicBool::new(true),
            facts,
            duplicates,
            mistake,
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

    /// False only if no setting is of this option or below it.
    pub(super) fn may_set(&self, option: Signature) -> bool {
        self.signature.0 & option.0 != 0
    }

    /// The settings with what other files say filled in by `fill`; `None` if there
    /// is nothing to fill in.
    pub(super) fn resolved(&self, fill: impl Fn(Value) -> Value) -> Option<Vec<Setting>> {
        let settings = self.facts.settings.iter().cloned();
        let filled = settings.map(|setting| Setting {
            value: fill(setting.value),
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
        Self(bit(fold(START, option.as_bytes())))
    }

    fn of(options: &[String]) -> Self {
        let mut bits = 0;
        for option in options {
            let mut state = START;
            for byte in option.bytes() {
                if byte == b'.' {
                    bits |= bit(state);
                }
                state = fold(state, &[byte]);
            }
            bits |= bit(state);
        }
        Self(bits)
    }
}

const START: u32 = 0x811c_9dc5;

/// FNV-1a, of which any part is a fair choice of a bit.
fn fold(state: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(state, |state, byte| {
        (state ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}

fn bit(state: u32) -> u128 {
    1 << (state >> 25)
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

/// Contents by their hashes: those of an earlier run, and those of this one.
#[derive(Debug, Default)]
pub struct Known {
    contents: Mutex<HashMap<Hash, Arc<Content>>>,
    has_news: AtomicBool,
}

impl Known {
    /// What an earlier run found out.
    pub fn from_earlier(contents: Vec<(Hash, Remembered)>) -> Self {
        let content = |kept: Remembered| {
            let content = Content::new(kept.facts, kept.duplicates, kept.mistake);
            content.is_fine.store(kept.is_fine, Ordering::Relaxed);
            content.is_needed.store(false, Ordering::Relaxed);
            Arc::new(content)
        };
        let contents = contents.into_iter();
        Self {
            contents: Mutex::new(contents.map(|(hash, kept)| (hash, content(kept))).collect()),
            has_news: AtomicBool::new(false),
        }
    }

    /// True if something is known that no earlier run found out.
    pub fn has_news(&self) -> bool {
        self.has_news.load(Ordering::Relaxed)
    }

    /// What this run asked for. The rest is of files that are gone.
    pub fn needed(&self) -> Vec<(Hash, Remembered)> {
        let contents = self.lock();
        let needed = contents
            .iter()
            .filter(|(_, one)| one.is_needed.load(Ordering::Relaxed));
        let keep = |(hash, one): (&Hash, &Arc<Content>)| {
            let kept = Remembered {
                facts: one.facts.clone(),
                duplicates: one.duplicates.clone(),
                mistake: one.mistake.clone(),
                is_fine: one.is_fine(),
            };
            (*hash, kept)
        };
        needed.map(keep).collect()
    }

    /// The content of a text; `parse` is asked if it is new.
    pub(super) fn content(
        &self,
        text: &str,
        parse: impl FnOnce() -> Result<NixFile, SyntaxError>,
    ) -> Arc<Content> {
        let hash: Hash = Sha256::digest(text).into();
        if let Some(known) = self.lock().get(&hash) {
            known.is_needed.store(true, Ordering::Relaxed);
            return known.clone();
        }
        self.has_news.store(true, Ordering::Relaxed);
        let made = Arc::new(Content::of(&parse()));
        self.lock().entry(hash).or_insert(made).clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Hash, Arc<Content>>> {
        // A panic elsewhere leaves the map whole: entries are only ever added.
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
