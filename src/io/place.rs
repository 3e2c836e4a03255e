//! What the workspace answers to a verb that asks: where a new key would lie, and
//! what the newest commit says.

use std::path::Path;

use super::disk;
use super::workspace::{Workspace, git_error, tree_entry};
use crate::command::Place;
use crate::diagnostic::{Diagnostic, Stop};
use crate::repo::RepoPath;

impl Workspace {
    /// Where a new private key `file` would lie, seen from the folder `from`.
    ///
    /// # Errors
    /// When its folder does not exist, or something is there already.
    pub fn place(&self, from: &Path, file: &Path) -> Result<Place, Stop> {
        let absolute = absolute(&from.join(file))?;
        if !matches!(disk::metadata(&absolute), Ok(None)) {
            return Err(taken(file));
        }
        let Some(path) = self.locate(from, file) else {
            return Ok(Place::Outside(absolute));
        };
        let ignored = self.ignored_by(&path)?.is_some();
        Ok(Place::Inside { path, ignored })
    }

    /// The text that a file has in the newest commit; `None` if it has none.
    ///
    /// # Errors
    /// When the commit cannot be read.
    pub fn committed(&self, path: &RepoPath) -> Result<Option<String>, Stop> {
        let git = self.git()?;
        let tree = git.tree(git.head()?.commit)?;
        let Some(held) = tree_entry(tree.as_ref(), path)? else {
            return Ok(None);
        };
        let blob = git.repo().find_blob(held.id);
        let mut blob = blob.map_err(|e| git_error("the last commit cannot be read", &e))?;
        Ok(String::from_utf8(blob.take_data()).ok())
    }
}

/// The file's path with its folder resolved; the file itself is not there yet.
fn absolute(file: &Path) -> Result<std::path::PathBuf, Stop> {
    let parent = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let (Ok(parent), Some(name)) = (parent.canonicalize(), file.file_name()) else {
        let said = format!("there is no folder `{}`", parent.display());
        return Err(Diagnostic::error("folder-missing", said)
            .about(file.display().to_string())
            .help(format!("mkdir -p {}", parent.display()))
            .into());
    };
    Ok(parent.join(name))
}

/// A key that somebody may need is never written over.
fn taken(file: &Path) -> Stop {
    let said = format!("there is something at `{}` already", file.display());
    Diagnostic::error("key-file-exists", said)
        .about(file.display().to_string())
        .help("name a new file, or give the public half of that key instead")
        .into()
}
