//! What a run of lint leaves for the next one: what each content says, the inventory
//! included, where the flake's hosts are, which content each file had. Never a
//! finding: the rules always run.
//!
//! All of it is kept by content, and the content of a file by what the system says
//! of the file, as git does it. So it cannot be out of date; it can only be of no
//! use. Where it is kept is `io`'s.

mod inventory;
mod owned;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Deserialize;

use self::inventory::Inventory;
use self::owned::Owned;
use crate::diagnostic::{Diagnostic, Source};
use crate::flake::{self, Found, Seen, discover_once};
use crate::fleet::{self, Fleet};
use crate::lint::Touched;
use crate::project::Reader;
use crate::repo::{Hash, HashLookup, Repo, Stamp};
use crate::survey::Known;

/// What is known before a run, and more after it.
#[derive(Debug, Default)]
pub struct Memory {
    /// There will be another run.
    lasts: bool,
    known: Arc<Known>,
    /// The contents of files in which the rules for texts found nothing.
    plain: Arc<HashMap<Stamp, Hash>>,
    discovery: Mutex<Noted<Seen>>,
    inventory: Mutex<Noted<Inventory>>,
    owned: Mutex<Noted<Owned>>,
}

/// One thing to remember.
#[derive(Debug)]
struct Noted<T> {
    known: Option<T>,
    is_new: bool,
}

/// A file in which the rules for texts found nothing, and its content.
type Plain = (Stamp, Hash);

#[derive(Deserialize)]
struct Kept {
    /// Each with its length in the bytes that follow.
    contents: Vec<(Hash, usize)>,
    plain: Vec<Plain>,
    seen: Option<Seen>,
    inventory: Option<Inventory>,
    owned: Option<Owned>,
}

impl Memory {
    /// A memory of nothing, for the next run to know more.
    pub fn that_lasts() -> Self {
        Self {
            lasts: true,
            ..Self::default()
        }
    }

    /// What [`Memory::to_bytes`] wrote; `None` if these are other bytes.
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        let (kept, contents): (Kept, &[u8]) = postcard::take_from_bytes(&bytes).ok()?;
        let start = bytes.len() - contents.len();
        Some(Self {
            known: Arc::new(Known::from_earlier(kept.contents, start, bytes)),
            plain: Arc::new(kept.plain.into_iter().collect()),
            discovery: Noted::earlier(kept.seen),
            inventory: Noted::earlier(kept.inventory),
            owned: Noted::earlier(kept.owned),
            lasts: true,
        })
    }

    /// What the run needed to judge this repository; `None` if that is what was known
    /// before.
    pub fn to_bytes(&self, repo: &Repo) -> Option<Vec<u8>> {
        let (discovery, inventory, owned) = (
            lock(&self.discovery),
            lock(&self.inventory),
            lock(&self.owned),
        );
        let plain = repo
            .stamps()
            .filter_map(|(stamp, told)| Some((*stamp, told?)));
        let plain: Vec<Plain> = plain.collect();
        let is_new = self.known.has_news() || discovery.is_new || inventory.is_new || owned.is_new;
        let is_known = |(stamp, hash): &Plain| self.plain.get(stamp) == Some(hash);
        if !is_new && plain.iter().all(is_known) {
            return None;
        }
        let (lengths, contents) = self.known.needed();
        // As `Kept` has them.
        let facts = (&discovery.known, &inventory.known, &owned.known);
        let mut bytes = postcard::to_stdvec(&(lengths, plain, facts)).ok()?;
        bytes.extend(contents);
        Some(bytes)
    }

    /// Tells the contents of files that are as they were.
    pub fn recall(&self) -> HashLookup {
        let plain = self.plain.clone();
        Arc::new(move |stamp| plain.get(stamp).copied())
    }

    /// A memory for another state of the repository: contents are contents
    /// everywhere.
    #[must_use]
    pub fn of_contents(&self) -> Self {
        Self {
            known: self.known.clone(),
            ..Self::default()
        }
    }

    /// What has to be judged: the owned modules only if they are not as they were when
    /// they were right.
    pub fn touched(&self, fleet: &Fleet, repo: &Repo) -> Touched {
        let owned = lock(&self.owned);
        let as_they_were = |known: &_| Owned::of(fleet, repo).as_ref() == Some(known);
        Touched::all_unless(owned.known.as_ref().is_some_and(as_they_were))
    }

    /// Notes whether the owned modules are right, by what was found in all that has to
    /// be judged.
    pub fn judged(&self, fleet: &Fleet, repo: &Repo, touched: &Touched, findings: &[Diagnostic]) {
        let is_news = self.lasts && touched.some_owned() && Owned::are_right(findings);
        let owned = is_news.then(|| Owned::of(fleet, repo)).flatten();
        if owned.is_some() {
            lock(&self.owned).note(owned);
        }
    }
}

impl Reader for Memory {
    fn fleet(&self, source: &Source) -> Result<Fleet, Vec<Diagnostic>> {
        let content = Hash::of(&source.text);
        let mut inventory = lock(&self.inventory);
        let known = inventory.known.as_ref();
        if let Some(fleet) = known.and_then(|known| known.fleet(content, source)) {
            return Ok(fleet);
        }
        let fleet = fleet::read(source)?;
        if self.lasts {
            inventory.note(Inventory::of(content, &fleet));
        }
        Ok(fleet)
    }

    fn discover(&self, repo: &Repo) -> Result<Found, Diagnostic> {
        let mut discovery = lock(&self.discovery);
        let again = discovery.known.as_ref().and_then(|seen| seen.again(repo));
        if let Some(found) = again {
            return Ok(found);
        }
        if !self.lasts {
            return flake::discover(repo);
        }
        let (found, seen) = discover_once(repo)?;
        if seen != discovery.known {
            discovery.note(seen);
        }
        Ok(found)
    }

    fn contents(&self) -> Arc<Known> {
        self.known.clone()
    }
}

impl<T> Noted<T> {
    fn earlier(known: Option<T>) -> Mutex<Self> {
        Mutex::new(Self {
            known,
            is_new: false,
        })
    }

    fn note(&mut self, known: Option<T>) {
        self.known = known;
        self.is_new = true;
    }
}

// A derived one would ask it of what is noted as well.
impl<T> Default for Noted<T> {
    fn default() -> Self {
        Self {
            known: None,
            is_new: false,
        }
    }
}

/// A panic elsewhere leaves what is noted whole: it is only ever replaced.
fn lock<T>(noted: &Mutex<Noted<T>>) -> MutexGuard<'_, Noted<T>> {
    noted.lock().unwrap_or_else(PoisonError::into_inner)
}
