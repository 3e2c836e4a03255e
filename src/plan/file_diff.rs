//! What a plan does to one file, as it is shown.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, Plan};
use crate::repo::RepoPath;
use crate::text::{moved, unified};

/// One file of a plan; of one that moves, where it comes.
#[derive(Debug, Clone, Copy)]
pub struct FileDiff<'p> {
    /// The file.
    pub path: &'p RepoPath,
    /// Where the file was, if it moves.
    pub from: Option<&'p RepoPath>,
    /// Its text before; `None`: there was no file.
    pub before: Option<&'p str>,
    /// Its text afterwards; `None`: the file goes.
    pub after: Option<&'p str>,
    /// larder renders it whole, and no edit of a person is lost.
    pub is_generated: bool,
}

impl FileDiff<'_> {
    /// The unified diff.
    pub fn unified(&self) -> String {
        match (self.from, self.before) {
            (Some(from), Some(before)) => {
                moved(from.as_str(), self.path.as_str(), before, self.after)
            }
            _ => unified(self.path.as_str(), self.before, self.after),
        }
    }

    /// True if there is something to show: not where the commit only records what is there.
    pub fn is_change(&self) -> bool {
        self.from.is_some() || self.before != self.after
    }
}

impl Plan {
    /// What becomes of each file, in order; a file that moves is there once.
    pub fn file_diffs(&self) -> Vec<FileDiff<'_>> {
        let moves: BTreeMap<_, _> = self.moved.iter().map(|(old, new)| (new, old)).collect();
        let gone: BTreeSet<_> = self.moved.iter().map(|(old, _)| old).collect();
        let mut generated: BTreeSet<_> = self.owned.iter().collect();
        generated.retain(|path| !self.overwritten.contains(path));
        let diff = |(path, change)| self.file_diff(path, change, moves.get(path).copied());
        let changes = self.changes.iter().map(|(path, change)| (path, change));
        changes
            .filter(|(path, _)| !gone.contains(path))
            .map(diff)
            .map(|file| FileDiff {
                is_generated: generated.contains(file.path),
                ..file
            })
            .collect()
    }

    fn file_diff<'p>(
        &'p self,
        path: &'p RepoPath,
        change: &'p Change,
        from: Option<&'p RepoPath>,
    ) -> FileDiff<'p> {
        let before = from.and_then(|old| Some((old, self.change_of(old)?.before()?)));
        FileDiff {
            path,
            from: before.map(|(old, _)| old),
            before: before.map(|(_, text)| text).or(change.before()),
            after: change.after(),
            is_generated: false,
        }
    }

    fn change_of(&self, path: &RepoPath) -> Option<&Change> {
        let mut changes = self.changes.iter();
        changes
            .find(|(other, _)| other == path)
            .map(|(_, change)| change)
    }
}
