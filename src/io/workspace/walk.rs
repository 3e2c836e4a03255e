//! The files of a folder that git knows nothing of.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::fs::{self, DirEntry};
use std::path::Path;

use crate::diagnostic::Stop;
use crate::io::disk::WithPath;
use crate::repo::RepoPath;

/// Folders that hold no source: git's own, cargo's, Nix's results.
const SKIPPED: [&str; 4] = [".git", ".jj", "target", "result"];

/// Every file below `root` in order of its path; links are not followed.
pub(super) fn files(root: &Path) -> Result<Vec<RepoPath>, Stop> {
    let mut found = Vec::new();
    let mut folders = vec![RepoPath::default()];
    while let Some(folder) = folders.pop() {
        let path = root.join(folder.as_str());
        for entry in fs::read_dir(&path).with_path("read", &path)? {
            let entry = entry.with_path("read", &path)?;
            sort_in(&entry, &folder, &mut found, &mut folders);
        }
    }
    found.sort();
    Ok(found)
}

fn sort_in(
    entry: &DirEntry,
    at: &RepoPath,
    found: &mut Vec<RepoPath>,
    folders: &mut Vec<RepoPath>,
) {
    let name = entry.file_name();
    let Some(name) = name.to_str().filter(|name| !SKIPPED.contains(name)) else {
        return;
    };
    // A name that larder cannot speak of (a line break in it) is not a source.
    let Some(path) = at.join(name) else { return };
    match entry.file_type() {
        Ok(kind) if kind.is_dir() => folders.push(path),
        Ok(kind) if kind.is_file() => found.push(path),
        _ => {}
    }
}
