//! The whole change as a value, before anything is written.
//!
//! A verb makes a [`Plan`]; [`check`] turns it into a
//! [`CheckedPlan`], the only thing that `io` applies. A secret is not a
//! [`Change`]: it has a type of its own, which no commit can hold.

mod check;
mod file_diff;
mod shown_key;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::key::{PrivateKey, SigningSecret};
use crate::repo::{FileState, RepoPath};
use crate::steps::Step;

pub use check::{CheckedPlan, Findings, change_set, check};
pub use file_diff::FileDiff;
pub use shown_key::ShownKey;

/// What becomes of one file of the work tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A file that is not there yet.
    Create {
        /// Its text.
        after: Arc<str>,
    },
    /// A file that is there.
    Edit {
        /// The text that the plan was made on.
        before: Arc<str>,
        /// The text that it becomes.
        after: Arc<str>,
    },
    /// A file that goes.
    Delete {
        /// The text that the plan was made on.
        before: Arc<str>,
    },
    /// A file that is gone already, which the commit records.
    Gone,
}

impl Change {
    /// Nothing happens on the disk; the commit records what is there, or that nothing is.
    pub fn as_it_is(text: Option<Arc<str>>) -> Self {
        match text {
            Some(text) => Self::Edit {
                before: text.clone(),
                after: text,
            },
            None => Self::Gone,
        }
    }

    /// This change and the next one to the same file, as one.
    fn then(&self, next: &Self) -> Self {
        let ([before, _], [_, after]) = (self.texts(), next.texts());
        match (before, after) {
            (None, Some(after)) => Self::Create { after },
            (Some(before), Some(after)) => Self::Edit { before, after },
            (Some(before), None) => Self::Delete { before },
            (None, None) => Self::Gone,
        }
    }

    /// The text that the plan was made on; `None`: there was no file.
    pub fn before(&self) -> Option<&str> {
        match self {
            Self::Create { .. } | Self::Gone => None,
            Self::Edit { before, .. } | Self::Delete { before } => Some(before),
        }
    }

    /// The text that it becomes; `None`: the file goes.
    pub fn after(&self) -> Option<&str> {
        match self {
            Self::Delete { .. } | Self::Gone => None,
            Self::Create { after } | Self::Edit { after, .. } => Some(after),
        }
    }

    /// [`Change::before`] and [`Change::after`], to keep without a copy.
    pub fn texts(&self) -> [Option<Arc<str>>; 2] {
        match self {
            Self::Create { after } => [None, Some(after.clone())],
            Self::Edit { before, after } => [Some(before.clone()), Some(after.clone())],
            Self::Delete { before } => [Some(before.clone()), None],
            Self::Gone => [None, None],
        }
    }
}

/// Where a private key may be put: nowhere that git would record it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretPath {
    /// An absolute path outside the work tree.
    Outside(PathBuf),
    /// A path in the work tree that git ignores, at the latest by a line that the
    /// same plan adds; `io` asks git again before it writes.
    Ignored(RepoPath),
}

impl fmt::Display for SecretPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Outside(path) => path.display().fmt(f),
            Self::Ignored(path) => path.fmt(f),
        }
    }
}

/// A private key of either kind; shared, never copied, and without a way to show it.
#[derive(Clone)]
pub enum SecretKey {
    /// With which clients log in.
    Ssh(Arc<PrivateKey>),
    /// With which a cache signs.
    Nix(Arc<SigningSecret>),
}

impl SecretKey {
    /// The text of its file, for the one who writes it.
    pub fn to_text(&self) -> Zeroizing<String> {
        match self {
            Self::Ssh(key) => key.to_openssh(),
            Self::Nix(key) => key.to_text(),
        }
    }
}

/// A private key and the place where it is to be made, mode 0600, never over
/// another file.
#[derive(Clone)]
pub struct PlacedSecret {
    /// Where.
    pub path: SecretPath,
    /// The key.
    pub key: SecretKey,
}

/// A host that gets another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rename {
    /// The name before.
    pub old: String,
    /// The name after.
    pub new: String,
}

/// The whole change that a command makes, and what it says to the user.
#[derive(Clone, Default)]
pub struct Plan {
    /// The commit message: a subject line and maybe a body.
    pub message: String,
    /// The files, by path, each once.
    pub changes: Vec<(RepoPath, Change)>,
    /// What was made first, and is part of the changes: what lint finds after the plan is
    /// compared with what it finds after this, as with what a new inventory brings to light.
    pub groundwork: Vec<(RepoPath, FileState)>,
    /// The files among them with edits of the user's that this commit takes along
    /// (an inventory edited by hand).
    pub along: Vec<RepoPath>,
    /// The files among them that an earlier `--no-commit` has left, and this commit takes
    /// along.
    pub left: Vec<RepoPath>,
    /// The files among them that larder renders whole. What people wrote into them is not
    /// kept, and may be uncommitted: an edit of theirs has stopped the verb before, or
    /// `--overwrite` was said.
    pub owned: BTreeSet<RepoPath>,
    /// Those of `owned` in which an edit of a person's is lost.
    pub overwritten: Vec<RepoPath>,
    /// Files of people's that the plan counts on not being there: a commit that has them still
    /// would have what it takes away named in them.
    pub supposed_gone: Vec<RepoPath>,
    /// The texts that files had after whole settings were taken out of them, and
    /// before anything else was changed: what stood inside went along, comments too.
    pub taken: Vec<(RepoPath, Arc<str>)>,
    /// The files among them that move: one that goes and one that comes, for each.
    pub moved: Vec<(RepoPath, RepoPath)>,
    /// The host that gets another name: what lint said of it, it says of the new name.
    pub renamed: Option<Rename>,
    /// The private keys to place.
    pub secrets: Vec<PlacedSecret>,
    /// The public keys that it brings in and that nobody has typed: a person judges them
    /// beside the difference.
    pub shown_keys: Vec<ShownKey>,
    /// What a person has to know before the yes: afterwards it is too late.
    pub cautions: Vec<String>,
    /// What the user should know, one sentence each.
    pub notes: Vec<String>,
    /// What only a human can do now, first things first.
    pub steps: Vec<Step>,
}

impl Plan {
    /// True if the repository already is as it should be.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.secrets.is_empty()
    }

    /// True if it trusts what came over the network and nobody has compared yet.
    pub fn is_unconfirmed(&self) -> bool {
        self.shown_keys.iter().any(|key| !key.is_confirmed)
    }

    /// The files with changes that are not committed, which this commit may include.
    pub fn may_be_uncommitted(&self) -> Vec<RepoPath> {
        let may_be = self.along.iter().chain(&self.owned).chain(&self.left);
        may_be.cloned().collect()
    }

    /// Takes along what an earlier `--no-commit` has left (`None`: a file that is gone), and
    /// says what of it has been edited since, and stays.
    pub fn take_left(&mut self, left: Vec<(RepoPath, Option<Arc<str>>)>, edited: Vec<RepoPath>) {
        let changed = self.changes.iter().map(|(path, _)| path.clone());
        let mut changed: HashSet<RepoPath> = changed.collect();
        for (path, text) in left {
            if changed.insert(path.clone()) {
                self.changes.push((path.clone(), Change::as_it_is(text)));
            }
            if !self.along.contains(&path) {
                self.left.push(path);
            }
        }
        for path in edited {
            if changed.contains(&path) {
                continue;
            }
            self.notes.push(format!(
                "`{path}` stays uncommitted: it was edited after larder wrote it; `git commit {path}`"
            ));
        }
    }

    /// The plan, which was made for the repository after `first`, and `first` as one: with the
    /// message and the steps of this one.
    #[must_use]
    pub fn after(self, first: Self) -> Self {
        let mut both = self;
        both.groundwork = first.file_states();
        let mut changes: BTreeMap<RepoPath, Change> = first.changes.into_iter().collect();
        for (path, change) in both.changes {
            let change = match changes.get(&path) {
                Some(first) => first.then(&change),
                None => change,
            };
            changes.insert(path, change);
        }
        both.changes = changes.into_iter().collect();
        both.along.extend(first.along);
        both.cautions.splice(0..0, first.cautions);
        both.notes.splice(0..0, first.notes);
        both
    }

    /// The changes as [`Repo::after`](crate::repo::Repo::after) takes them.
    pub fn file_states(&self) -> Vec<(RepoPath, FileState)> {
        let state = |change: &Change| match change.texts() {
            [_, Some(after)] => FileState::Text(after),
            [_, None] => FileState::Deleted,
        };
        let pair = |(path, change): &(RepoPath, Change)| (path.clone(), state(change));
        self.changes.iter().map(pair).collect()
    }

    /// True if both change the same files in the same way, and place keys at the
    /// same paths.
    pub fn same_changes(&self, other: &Self) -> bool {
        let places = |plan: &Self| -> Vec<SecretPath> {
            plan.secrets
                .iter()
                .map(|secret| secret.path.clone())
                .collect()
        };
        self.changes == other.changes && places(self) == places(other)
    }
}
