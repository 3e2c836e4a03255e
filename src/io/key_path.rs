//! The path of a new private key, as the user names it.

use std::path::Path;

use super::disk;
use super::workspace::Workspace;
use crate::command::KeyPlace;
use crate::diagnostic::{Diagnostic, Stop};

impl Workspace {
    /// The path of the new private key that `file` names from the folder `from`.
    ///
    /// # Errors
    /// When the folder does not exist, or the file does.
    pub fn new_key_path(&self, from: &Path, file: &Path) -> Result<KeyPlace, Stop> {
        let absolute = absolute(&from.join(file))?;
        if !matches!(disk::metadata(&absolute), Ok(None)) {
            return Err(exists(file));
        }
        let Some(path) = self.locate(from, file) else {
            return Ok(KeyPlace::Outside(absolute));
        };
        let ignored = self.ignored_by(&path)?.is_some();
        Ok(KeyPlace::Inside { path, ignored })
    }
}

/// The absolute path with the links of the folder resolved. The file does not exist yet.
fn absolute(file: &Path) -> Result<std::path::PathBuf, Stop> {
    let parent = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let (Ok(parent), Some(name)) = (parent.canonicalize(), file.file_name()) else {
        let message = format!("there is no folder `{}`", parent.display());
        return Err(Diagnostic::error("folder-missing", message)
            .about(file.display().to_string())
            .help(format!("mkdir -p {}", parent.display()))
            .into());
    };
    Ok(parent.join(name))
}

/// The refusal to overwrite a file: it may be a key that somebody needs.
fn exists(file: &Path) -> Stop {
    let message = format!("`{}` exists already", file.display());
    Diagnostic::error("key-file-exists", message)
        .about(file.display().to_string())
        .help("name a new file, or give the public half of that key instead")
        .into()
}
