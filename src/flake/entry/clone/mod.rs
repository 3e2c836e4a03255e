//! The text of a new entry, made from that of a sibling.
//!
//! Names, platform and the path of the module are replaced. Comments are the
//! sibling's and stay behind, and so does what only the sibling has: modules that
//! no other host lists, hardware descriptions, values that differ from host to host
//! and that others do without. A value that every host has for itself is given, or it
//! is missing: it cannot be invented.

mod cloner;
mod names;
mod values;

use crate::diagnostic::Diagnostic;
use crate::flake::entry::clone::cloner::Cloner;
use crate::flake::entry::hole::Hole;
use crate::flake::entry::request::NewEntry;
use crate::flake::entry::siblings::Siblings;
use crate::nix::NixFile;
use crate::repo::RepoPath;

pub(super) use self::cloner::Cloned;

/// The entry of a new host.
pub(super) fn entry(
    file: &NixFile,
    siblings: &Siblings,
    new: &NewEntry,
    module: &RepoPath,
) -> Result<Cloned, Diagnostic> {
    if siblings.own.nodes.is_empty() {
        let message = format!("the entry of `{}` is gone", siblings.host.name);
        return Err(Diagnostic::error("no-entry", message));
    }
    let here = siblings.own.file.clone();
    Cloner::new(file, siblings, new, module, &here).entry()
}

/// The text of a file that makes a new host, for this path.
pub(super) fn file(
    file: &NixFile,
    siblings: &Siblings,
    new: &NewEntry,
    module: &RepoPath,
    path: &RepoPath,
    hole: Hole,
) -> Result<Cloned, Diagnostic> {
    let mut clone = Cloner::new(file, siblings, new, module, path);
    clone.is_file = true;
    clone.hole = hole;
    clone.entry()
}
