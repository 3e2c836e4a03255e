//! What one run of lint leaves for the next: what each content says, the inventory
//! included, where the flake's hosts are, which content each file had. Never a
//! finding: the rules always run.
//!
//! Everything is kept by content, and the content of a file by its [`Stamp`], as git
//! does it. So the cache cannot be out of date; it can only be of no use. Where it is
//! stored is `io`'s.

mod inventory;
mod owned;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Deserialize;

use self::inventory::Inventory;
use self::owned::OwnedModules;
use crate::diagnostic::{Diagnostic, Source};
use crate::flake::{CachedDiscovery, Discoveries, Discovery, discover_once};
use crate::fleet::{self, Fleet};
use crate::lint::change_set::ChangeSet;
use crate::lint::finding::Finding;
use crate::project::Reader;
use crate::repo::{Hash, HashLookup, Repo, Stamp};
use crate::survey::Known;

/// What is known before a run, and more after it.
#[derive(Debug, Default)]
pub struct LintCache {
    /// There will be another run.
    is_persistent: bool,
    contents: Arc<Known>,
    /// The contents of files in which the checks of texts found nothing.
    clean: Arc<HashMap<Stamp, Hash>>,
    discovery: Mutex<Stored<CachedDiscovery>>,
    inventory: Mutex<Stored<Inventory>>,
    owned: Mutex<Stored<OwnedModules>>,
}

/// One value of the cache.
#[derive(Debug)]
struct Stored<T> {
    value: Option<T>,
    /// This run has found it out.
    is_new: bool,
}

/// A file in which the checks of texts found nothing, and its content.
type Clean = (Stamp, Hash);

/// The head of the file; the contents follow.
#[derive(Deserialize)]
struct CacheFile {
    /// Each with its length in the bytes that follow.
    contents: Vec<(Hash, usize)>,
    clean: Vec<Clean>,
    discovery: Option<CachedDiscovery>,
    inventory: Option<Inventory>,
    owned: Option<OwnedModules>,
}

impl LintCache {
    /// An empty cache, for the next run to find more in it.
    pub fn persistent() -> Self {
        Self {
            is_persistent: true,
            ..Self::default()
        }
    }

    /// What [`LintCache::to_bytes`] wrote; `None` if these are other bytes.
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        let (file, contents): (CacheFile, &[u8]) = postcard::take_from_bytes(&bytes).ok()?;
        let start = bytes.len() - contents.len();
        Some(Self {
            contents: Arc::new(Known::from_earlier(file.contents, start, bytes)),
            clean: Arc::new(file.clean.into_iter().collect()),
            discovery: Stored::from_file(file.discovery),
            inventory: Stored::from_file(file.inventory),
            owned: Stored::from_file(file.owned),
            is_persistent: true,
        })
    }

    /// What the run needed to judge this repository; `None` if that is what was stored
    /// before.
    pub fn to_bytes(&self, repo: &Repo) -> Option<Vec<u8>> {
        let discovery = lock(&self.discovery);
        let (inventory, owned) = (lock(&self.inventory), lock(&self.owned));
        let clean = repo
            .stamps()
            .filter_map(|(stamp, hash)| Some((*stamp, hash?)));
        let clean: Vec<Clean> = clean.collect();
        let is_new =
            self.contents.has_news() || discovery.is_new || inventory.is_new || owned.is_new;
        let is_known = |(stamp, hash): &Clean| self.clean.get(stamp) == Some(hash);
        if !is_new && clean.iter().all(is_known) {
            return None;
        }
        let (lengths, contents) = self.contents.needed();
        // As `CacheFile` has them.
        let facts = (&discovery.value, &inventory.value, &owned.value);
        let mut bytes = postcard::to_stdvec(&(lengths, clean, facts)).ok()?;
        bytes.extend(contents);
        Some(bytes)
    }

    /// Looks up the contents of files that are as they were.
    pub fn hash_lookup(&self) -> HashLookup {
        let clean = self.clean.clone();
        Arc::new(move |stamp| clean.get(stamp).copied())
    }

    /// A cache for another state of the repository: contents are contents everywhere.
    #[must_use]
    pub fn contents_only(&self) -> Self {
        Self {
            contents: self.contents.clone(),
            ..Self::default()
        }
    }

    /// What has to be judged: the owned modules only if they are not as they were when
    /// nothing was wrong with them.
    pub fn change_set(&self, fleet: &Fleet, repo: &Repo) -> ChangeSet {
        let owned = lock(&self.owned);
        let is_as_before = |known: &_| OwnedModules::of(fleet, repo).as_ref() == Some(known);
        if owned.value.as_ref().is_some_and(is_as_before) {
            ChangeSet::all().without_owned_modules()
        } else {
            ChangeSet::all()
        }
    }

    /// Remembers the owned modules, if they were judged and nothing was wrong with them.
    pub fn remember(&self, fleet: &Fleet, repo: &Repo, judged: &ChangeSet, findings: &[Finding]) {
        let is_news =
            self.is_persistent && judged.has_owned_modules() && OwnedModules::are_right(findings);
        let owned = is_news.then(|| OwnedModules::of(fleet, repo)).flatten();
        if owned.is_some() {
            lock(&self.owned).set(owned);
        }
    }
}

impl Reader for LintCache {
    fn fleet(&self, source: &Source) -> Result<Fleet, Vec<Diagnostic>> {
        let content = Hash::of(&source.text);
        let mut inventory = lock(&self.inventory);
        let known = inventory.value.as_ref();
        if let Some(fleet) = known.and_then(|known| known.fleet(content, source)) {
            return Ok(fleet);
        }
        let fleet = fleet::read(source)?;
        if self.is_persistent {
            inventory.set(Inventory::of(content, &fleet));
        }
        Ok(fleet)
    }

    fn discover(&self, repo: &Repo, known: &Discoveries) -> Result<Arc<Discovery>, Diagnostic> {
        let mut discovery = lock(&self.discovery);
        let cached = discovery.value.as_ref();
        let again = cached.and_then(|cached| cached.revalidate(repo));
        if let Some(found) = again {
            return Ok(Arc::new(found));
        }
        if !self.is_persistent {
            return known.discover(repo);
        }
        let (found, cached) = discover_once(repo)?;
        if cached != discovery.value {
            discovery.set(cached);
        }
        Ok(Arc::new(found))
    }

    fn contents(&self) -> Arc<Known> {
        self.contents.clone()
    }
}

impl<T> Stored<T> {
    fn from_file(value: Option<T>) -> Mutex<Self> {
        Mutex::new(Self {
            value,
            is_new: false,
        })
    }

    fn set(&mut self, value: Option<T>) {
        self.value = value;
        self.is_new = true;
    }
}

// A derived one would need one of the value as well.
impl<T> Default for Stored<T> {
    fn default() -> Self {
        Self {
            value: None,
            is_new: false,
        }
    }
}

/// A panic elsewhere leaves a stored value whole: it is only ever replaced.
fn lock<T>(stored: &Mutex<Stored<T>>) -> MutexGuard<'_, Stored<T>> {
    stored.lock().unwrap_or_else(PoisonError::into_inner)
}
