//! The files of a folder without a git repository.
#![expect(
    clippy::disallowed_methods,
    reason = "this is the folder that touches the disk"
)]

use std::fs::{self, DirEntry};
use std::path::Path;

use crate::diagnostic::Stop;
use crate::io::disk::WithPath;
use crate::repo::RepoPath;

/// Folders without sources: those of git and jj, cargo's output, Nix's result link.
pub(in crate::io) const SKIPPED: [&str; 4] = [".git", ".jj", "target", "result"];

/// Every file below `root`, in order of the paths. Links are not followed.
pub(super) fn files(root: &Path) -> Result<Vec<RepoPath>, Stop> {
    let mut files = Vec::new();
    let mut folders = vec![RepoPath::default()];
    while let Some(folder) = folders.pop() {
        let path = root.join(folder.as_str());
        for entry in fs::read_dir(&path).with_path("read", &path)? {
            let entry = entry.with_path("read", &path)?;
            add(&entry, &folder, &mut files, &mut folders);
        }
    }
    files.sort();
    Ok(files)
}

fn add(
    entry: &DirEntry,
    folder: &RepoPath,
    files: &mut Vec<RepoPath>,
    folders: &mut Vec<RepoPath>,
) {
    let name = entry.file_name();
    let Some(name) = name.to_str().filter(|name| !SKIPPED.contains(name)) else {
        return;
    };
    // A name with a line break is not a source.
    let Some(path) = folder.join(name) else {
        return;
    };
    match entry.file_type() {
        Ok(kind) if kind.is_dir() => folders.push(path),
        Ok(kind) if kind.is_file() => files.push(path),
        _ => {}
    }
}
