//! What a plan does to one file, as it is shown.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, Plan};
use crate::key::without_private_keys;
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
    /// The unified diff. What is around a change is shown too, and may be a private key that
    /// somebody has left there: it is not repeated.
    pub fn unified(&self) -> String {
        let path = self.path.as_str();
        let before = self.before.map(without_private_keys);
        let after = self.after.map(without_private_keys);
        match (self.from, &before) {
            (Some(from), Some(before)) => moved(from.as_str(), path, before, after.as_deref()),
            _ => unified(path, before.as_deref(), after.as_deref()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SigningSecret;

    #[test]
    fn a_secret_beside_a_change_is_not_shown() {
        let secret = SigningSecret::from_seed("kalaw-1", &[7; 32]).expect("a name");
        let before = format!("{{\n  # was {}\n}}\n", *secret.to_text());
        let after = before.replace("}\n", "  a = 1;\n}\n");
        let path = RepoPath::new("kalaw.nix").expect("a path");
        let diff = FileDiff {
            path: &path,
            from: None,
            before: Some(&before),
            after: Some(&after),
            is_generated: false,
        };
        let shown = diff.unified();
        let secret = secret.to_text();
        let (_, base64) = secret.split_once(':').expect("a name");
        assert!(!shown.contains(base64), "{shown}");
        assert!(shown.contains("+  a = 1;"), "{shown}");
    }
}
