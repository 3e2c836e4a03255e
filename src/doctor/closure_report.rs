//! What `doctor --closure` found, as text and as JSON.

use std::collections::BTreeMap;

use serde::Serialize;

use super::availability::Store;

/// How much of a host's closure is where.
#[derive(Debug, Serialize)]
pub struct ClosureReport {
    /// The client.
    pub(super) client: String,
    /// How many paths, and where from.
    pub(super) paths: Counts,
    /// Each of the client's caches.
    pub(super) stores: Vec<StoreCount>,
    /// What would be built, and why.
    pub(super) built: Vec<Built>,
    /// What could not be looked at, and why.
    pub notes: Vec<String>,
}

/// How many paths.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub(super) struct Counts {
    pub(super) total: usize,
    pub(super) here: usize,
    pub(super) fetched: usize,
    pub(super) built: usize,
}

/// How many of the paths that the client lacks a cache has.
#[derive(Debug, Serialize)]
pub(super) struct StoreCount {
    pub(super) cache: String,
    pub(super) url: String,
    pub(super) has: usize,
    pub(super) of: usize,
    /// Why it was not asked.
    pub(super) error: Option<String>,
}

/// A path that would be built.
#[derive(Debug, Serialize)]
pub(super) struct Built {
    pub(super) path: String,
    /// `never-built`, `other-derivation`, `other-system`, `unsigned`, `not-allowed`,
    /// `download`, `absent` or `unknown`.
    pub(super) reason: &'static str,
    pub(super) why: String,
}

impl StoreCount {
    pub(super) fn new(store: &Store) -> Self {
        Self {
            cache: store.name.clone(),
            url: store.url.clone(),
            has: 0,
            of: 0,
            error: store.error.clone(),
        }
    }
}

/// Of each reason so many paths are shown.
const SHOWN: usize = 10;

impl ClosureReport {
    /// True if every cache has answered.
    pub fn is_whole(&self) -> bool {
        self.stores.iter().all(|store| store.error.is_none()) && self.notes.is_empty()
    }

    /// For people.
    pub fn text(&self) -> String {
        let Counts {
            total,
            here,
            fetched,
            built,
        } = self.paths;
        let client = &self.client;
        let mut lines = vec![format!(
            "{client}: {total} paths: {here} are there, {fetched} come from caches, {built} are built"
        )];
        lines.extend(self.stores.iter().map(|store| match &store.error {
            None => format!(
                "  {}: has {} of the {} that {client} lacks",
                store.cache, store.has, store.of
            ),
            Some(error) => format!("  {}: not asked: {error}", store.cache),
        }));
        let mut groups: BTreeMap<&str, Vec<&Built>> = BTreeMap::new();
        for one in &self.built {
            groups.entry(one.reason).or_default().push(one);
        }
        for (reason, all) in groups {
            lines.push(format!("  built, {reason}: {}", all.len()));
            let shown = all.iter().take(SHOWN);
            lines.extend(shown.map(|one| format!("    {}: {}", one.path, one.why)));
            if all.len() > SHOWN {
                lines.push(format!(
                    "    and {} more: `--json` has all",
                    all.len() - SHOWN
                ));
            }
        }
        lines.extend(self.notes.iter().map(|note| format!("  note: {note}")));
        lines.join("\n") + "\n"
    }
}
