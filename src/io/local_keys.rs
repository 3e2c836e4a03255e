//! Private keys in the work tree that git does not track.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io::Read as _;

use zeroize::Zeroizing;

use super::workspace::{SKIPPED, Workspace};
use crate::command::LocalKey;
use crate::diagnostic::Stop;
use crate::key::public_half;
use crate::repo::RepoPath;

/// No private key is longer than this.
const LONGEST: u64 = 16 * 1024;

impl Workspace {
    /// The private keys beside tracked files, and one folder further down: where a key that
    /// larder made is kept. A file that cannot be read is passed over.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn local_keys(&self) -> Result<Vec<LocalKey>, Stop> {
        let tracked: HashSet<RepoPath> = self.git()?.tracked()?.into_iter().collect();
        let folders: BTreeSet<RepoPath> = tracked.iter().map(RepoPath::parent).collect();
        let mut keys = Vec::new();
        for folder in &folders {
            for below in self.look_in(&tracked, folder, &mut keys) {
                if !folders.contains(&below) {
                    self.look_in(&tracked, &below, &mut keys);
                }
            }
        }
        keys.sort_by(|a, b| a.path.cmp(&b.path));
        keys.dedup();
        Ok(keys)
    }

    /// Adds the keys in a folder; its own folders come back.
    fn look_in(
        &self,
        tracked: &HashSet<RepoPath>,
        folder: &RepoPath,
        keys: &mut Vec<LocalKey>,
    ) -> Vec<RepoPath> {
        let entries = fs::read_dir(self.root().join(folder.as_str()));
        let mut folders = Vec::new();
        for entry in entries.into_iter().flatten().flatten() {
            let name = entry.file_name();
            let name = name.to_str().filter(|name| !SKIPPED.contains(name));
            let path = name.and_then(|name| folder.join(name));
            let (Some(path), Ok(kind)) = (path, entry.file_type()) else {
                continue;
            };
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() && !tracked.contains(&path) {
                keys.extend(self.local_key(path));
            }
        }
        folders
    }

    fn local_key(&self, path: RepoPath) -> Option<LocalKey> {
        let file = fs::File::open(self.root().join(path.as_str())).ok()?;
        let mut text = Zeroizing::new(String::new());
        let is_short = file.metadata().ok()?.len() <= LONGEST;
        let read = is_short.then(|| file.take(LONGEST).read_to_string(&mut text))?;
        read.ok()?;
        let public = public_half(&text)?;
        Some(LocalKey { path, public })
    }
}
