//! The modules of hosts that were not read, each once for all hosts that have it.

use std::collections::BTreeMap;

use crate::fleet::HostName;
use crate::lint::context::fleet::Context;
use crate::lint::context::host::HostContext;
use crate::lint::subject::is_within;
use crate::repo::{RepoPath, Unreadable};
use crate::survey::{Spot, Unread};
use crate::text::shell_word;
use crate::wiring;

/// A module that was not read.
pub(in crate::lint) struct NotRead {
    pub(in crate::lint) place: UnreadPlace,
    /// Why, in words that follow the path of a file.
    pub(in crate::lint) why: String,
    /// Which module it is, or what it says, only an evaluation tells.
    pub(in crate::lint) is_computed: bool,
    /// The command that helps.
    pub(in crate::lint) help: Option<String>,
    /// The hosts that have it.
    pub(in crate::lint) hosts: Vec<HostName>,
}

/// Where it is, or what it is called.
pub(in crate::lint) enum UnreadPlace {
    File(RepoPath),
    /// An import.
    Spot(Spot),
    /// All modules of an input.
    Input(String),
    /// Only the flake knows.
    Flake,
}

/// What makes two of them the same.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum UnreadId {
    File(RepoPath),
    Spot(RepoPath, usize),
    Input(String),
    Flake(String),
}

impl NotRead {
    fn new(place: UnreadPlace, why: impl Into<String>) -> Self {
        Self {
            place,
            why: why.into(),
            is_computed: false,
            help: None,
            hosts: Vec::new(),
        }
    }

    /// The file that it is, or that imports it, as users type it.
    pub(in crate::lint) fn file(&self, context: &Context<'_>) -> Option<String> {
        match &self.place {
            UnreadPlace::File(path) => Some(context.repo.shown(path)),
            UnreadPlace::Spot(spot) => Some(spot.file.shown()),
            UnreadPlace::Input(_) | UnreadPlace::Flake => None,
        }
    }

    fn computed(place: UnreadPlace, why: impl Into<String>) -> Self {
        Self {
            is_computed: true,
            ..Self::new(place, why)
        }
    }

    fn key(&self) -> UnreadId {
        match &self.place {
            UnreadPlace::File(path) => UnreadId::File(path.clone()),
            UnreadPlace::Spot(spot) => UnreadId::Spot(spot.file.path().clone(), spot.range.start),
            UnreadPlace::Input(name) => UnreadId::Input(name.clone()),
            UnreadPlace::Flake => UnreadId::Flake(self.why.clone()),
        }
    }
}

impl Context<'_> {
    /// The modules of the hosts that are judged which were not read, except of hosts that
    /// Nix has evaluated.
    pub(in crate::lint) fn not_read(&self) -> Vec<NotRead> {
        let mut all: BTreeMap<UnreadId, NotRead> = BTreeMap::new();
        for host in self.hosts().filter(|host| !self.is_evaluated(&host.name)) {
            for one in self.not_read_of(&host) {
                let known = all.entry(one.key()).or_insert(one);
                if known.hosts.last() != Some(&host.name) {
                    known.hosts.push(host.name.clone());
                }
            }
        }
        all.into_values().collect()
    }

    fn not_read_of(&self, host: &HostContext<'_>) -> Vec<NotRead> {
        let own = self.module(host);
        let mut all: Vec<NotRead> = own
            .iter()
            .filter_map(|path| self.unread_file(path))
            .collect();
        let Some(machine) = host.machine() else {
            if own.is_none() && host.nixos {
                all.push(NotRead::new(UnreadPlace::Flake, "no module is known"));
            }
            return all;
        };
        let imports = machine.unread_imports();
        all.extend(
            imports
                .iter()
                .filter_map(|import| self.unread_file(import.path.as_ref()?)),
        );
        let unread = machine.unread().into_iter();
        let is_file = |one: &Unread| {
            let spot = one.spot.as_ref();
            spot.is_some_and(|spot| imports.iter().any(|import| import.spot == *spot))
        };
        // Of a host that the flake does not have, other rules say so.
        let is_missing = host.is_missing_in_flake();
        let others = unread.filter(|one| !one.is_of_nixpkgs() && !is_file(one));
        let others = others.filter(|one| !is_missing || one.path().is_some());
        all.extend(others.filter_map(|one| self.other(one)));
        all
    }

    /// A file that is there and cannot be read. That it is missing, or does not parse, is
    /// said by other rules.
    fn unread_file(&self, path: &RepoPath) -> Option<NotRead> {
        let word = |path: &RepoPath| self.repo.shown(path);
        let (why, help) = match (self.repo.try_exists(path), self.repo.submodule_of(path)) {
            (Ok(false), Some(folder)) => {
                let folder = word(folder);
                let help = format!("git submodule update --init {}", shell_word(&folder));
                let why = format!("is in the submodule `{folder}`, which is not checked out");
                (why, Some(help))
            }
            (Ok(_), _) => return None,
            (Err(why), _) => {
                let help = match why {
                    Unreadable::Locked => Some("git-crypt unlock".to_owned()),
                    Unreadable::Pointer => Some("git lfs pull".to_owned()),
                    Unreadable::NotFetched => {
                        let folder = word(&path.parent());
                        Some(format!("git sparse-checkout add {}", shell_word(&folder)))
                    }
                    Unreadable::NotText => Some("write it in UTF-8".to_owned()),
                    Unreadable::NotAFile(_) | Unreadable::System(_) => None,
                };
                (why.to_string(), help)
            }
        };
        let file = NotRead::new(UnreadPlace::File(path.clone()), why);
        Some(NotRead { help, ..file })
    }

    fn other(&self, one: Unread) -> Option<NotRead> {
        let is_larders = |path: &RepoPath| is_within(&self.repo.shown(path), &self.fleet.dir);
        if one.path().is_some_and(is_larders) {
            return None;
        }
        if let Some(input) = one.input() {
            return Some(NotRead::new(UnreadPlace::Input(input.to_owned()), ""));
        }
        if let Some(spot) = one.spot {
            // As larder wrote it in the folder before, which `larder sync` empties.
            if self.is_sync_due() && wiring::is_owned(&spot.source().text) {
                return None;
            }
            return Some(NotRead::computed(UnreadPlace::Spot(spot), ""));
        }
        match (one.path(), &one.why) {
            // Whether it can be read at all is asked above.
            (Some(path), Some(why)) if self.repo.nix(path).is_some_and(|nix| nix.is_ok()) => {
                Some(NotRead::computed(UnreadPlace::File(path.clone()), why))
            }
            (Some(path), _) => self.unread_file(path),
            (None, Some(why)) => {
                let why = format!("a module that the flake lists is not followed ({why})");
                Some(NotRead::new(UnreadPlace::Flake, why))
            }
            (None, None) => {
                let why = format!("{} is not known", one.name());
                Some(NotRead::new(UnreadPlace::Flake, why))
            }
        }
    }
}
