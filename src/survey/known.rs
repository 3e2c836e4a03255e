//! Contents by their hashes: those of an earlier run, and those of this one.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::nix::{NixFile, SyntaxError};
use crate::repo::Hash;
use crate::survey::content::Content;

/// What is known of contents. What an earlier run found out is read when it is
/// asked for: not all at once, and by whoever asks.
#[derive(Debug, Default)]
pub struct Known {
    contents: Mutex<HashMap<Hash, Slot>>,
    earlier: Vec<u8>,
    has_news: AtomicBool,
}

/// Where a content is to be had.
#[derive(Debug)]
enum Slot {
    /// In these bytes of what an earlier run left.
    Earlier(Range<usize>),
    Here(Arc<Content>),
}

impl Known {
    /// What an earlier run found out: contents and their lengths in `bytes`, where
    /// they stand from `start` on without a gap.
    pub fn from_earlier(lengths: Vec<(Hash, usize)>, mut start: usize, bytes: Vec<u8>) -> Self {
        let slot = |(hash, length): (Hash, usize)| {
            let range = start..start.saturating_add(length);
            start = range.end;
            (hash, Slot::Earlier(range))
        };
        Self {
            contents: Mutex::new(lengths.into_iter().map(slot).collect()),
            earlier: bytes,
            has_news: AtomicBool::new(false),
        }
    }

    /// What this run asked for, as [`Known::from_earlier`] takes it. The rest is of
    /// files that are gone.
    pub fn needed(&self) -> (Vec<(Hash, usize)>, Vec<u8>) {
        let (mut lengths, mut bytes) = (Vec::new(), Vec::new());
        for (hash, slot) in &*self.lock() {
            let Slot::Here(content) = slot else {
                continue;
            };
            if let Ok(one) = postcard::to_stdvec(&content.to_remember()) {
                lengths.push((*hash, one.len()));
                bytes.extend(one);
            }
        }
        (lengths, bytes)
    }

    /// True if something is known that no earlier run found out.
    pub fn has_news(&self) -> bool {
        self.has_news.load(Ordering::Relaxed)
    }

    /// What is known of a content.
    pub(super) fn get(&self, hash: &Hash) -> Option<Arc<Content>> {
        let range = match self.lock().get(hash)? {
            Slot::Here(content) => return Some(content.clone()),
            Slot::Earlier(range) => range.clone(),
        };
        let kept = postcard::from_bytes(self.earlier.get(range)?).ok()?;
        Some(self.put(*hash, Content::from_earlier(kept)))
    }

    /// The content of the text with this hash; `parse` is asked if it is new.
    pub(super) fn content(
        &self,
        hash: Hash,
        parse: impl FnOnce() -> Result<NixFile, SyntaxError>,
    ) -> Arc<Content> {
        if let Some(known) = self.get(&hash) {
            return known;
        }
        self.has_news.store(true, Ordering::Relaxed);
        self.put(hash, Content::of(&parse()))
    }

    /// Keeps a content, unless somebody else was first.
    fn put(&self, hash: Hash, made: Content) -> Arc<Content> {
        let mut contents = self.lock();
        if let Some(Slot::Here(other)) = contents.get(&hash) {
            return other.clone();
        }
        let made = Arc::new(made);
        contents.insert(hash, Slot::Here(made.clone()));
        made
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Hash, Slot>> {
        // A panic elsewhere leaves the map whole: an entry is only ever added, or
        // replaced by what it stands for.
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
