//! A discovery that need not be made again: what it found, and what it looked at.
//!
//! It is kept from one run to the next; within a run, [`Discoveries`] remembers them.
//!
//! [`Discoveries`]: crate::flake::Discoveries

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::flake::discover::discover;
use crate::flake::discovery::{Discovery, EntryKind, FlakeEntry, FoundHost};
use crate::flake::flake_module::FlakeModule;
use crate::flake::looked_at::LookedAt;
use crate::flake::shape;
use crate::repo::{Repo, RepoPath};

/// What a discovery found, with all that it depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CachedDiscovery {
    looked_at: LookedAt,
    flake: RepoPath,
    parts: BTreeSet<RepoPath>,
    /// As bytes: most runs need them once, or not at all.
    hosts: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct CachedHost {
    name: String,
    module: Option<RepoPath>,
    within: Option<String>,
    is_list: bool,
    modules: Vec<FlakeModule>,
    system: Option<String>,
    shape: String,
    how: String,
    confirm: bool,
    candidates: Vec<RepoPath>,
    entry: Option<(RepoPath, Range<usize>, EntryKind)>,
}

/// As [`discover`], with what has to be remembered so that it need not be made again
/// while nothing has changed; `None` where there is more to say than can be.
///
/// # Errors
/// As [`discover`].
pub fn discover_once(repo: &Repo) -> Result<(Discovery, Option<CachedDiscovery>), Diagnostic> {
    let recording = repo.recording_accesses();
    let found = discover(&recording)?;
    let cached = CachedDiscovery::of(&found, repo, recording.accessed());
    Ok((found, cached))
}

impl CachedDiscovery {
    /// What a discovery would find now; `None` if something is not as it was.
    pub fn revalidate(&self, repo: &Repo) -> Option<Discovery> {
        self.looked_at.holds(repo).then(|| self.found()).flatten()
    }

    fn of(found: &Discovery, repo: &Repo, asked: Vec<RepoPath>) -> Option<Self> {
        let hosts: Vec<CachedHost> = found.hosts.iter().map(CachedHost::of).collect();
        let hosts = postcard::to_stdvec(&hosts).ok()?;
        found.notes.is_empty().then(|| Self {
            looked_at: LookedAt::of(repo, asked),
            flake: found.flake.clone(),
            parts: found.parts.clone(),
            hosts,
        })
    }

    fn found(&self) -> Option<Discovery> {
        let hosts: Vec<CachedHost> = postcard::from_bytes(&self.hosts).ok()?;
        Some(Discovery {
            hosts: hosts
                .into_iter()
                .map(CachedHost::found)
                .collect::<Option<_>>()?,
            flake: self.flake.clone(),
            parts: self.parts.clone(),
            notes: Vec::new(),
        })
    }
}

impl CachedHost {
    fn of(host: &FoundHost) -> Self {
        let entry = host.entry.clone();
        Self {
            name: host.name.clone(),
            module: host.module.clone(),
            within: host.within.clone(),
            is_list: host.is_list,
            modules: host.modules.clone(),
            system: host.system.clone(),
            shape: host.shape.to_owned(),
            how: host.how.clone(),
            confirm: host.confirm,
            candidates: host.candidates.clone(),
            entry: entry.map(|entry| (entry.file, entry.range, entry.kind)),
        }
    }

    fn found(self) -> Option<FoundHost> {
        Some(FoundHost {
            name: self.name,
            module: self.module,
            within: self.within,
            is_list: self.is_list,
            modules: self.modules,
            system: self.system,
            shape: shape::named(&self.shape)?,
            how: self.how,
            confirm: self.confirm,
            candidates: self.candidates,
            entry: self
                .entry
                .map(|(file, range, kind)| FlakeEntry { file, range, kind }),
        })
    }
}
