//! Takes a host out of the flake.

use crate::diagnostic::Diagnostic;
use crate::flake::discovery::{Discovery, EntryKind};
use crate::flake::entry::nix_file::{is_self_declared, read, refused};
use crate::flake::entry::{by_hand, data};
use crate::nix::edit;
use crate::repo::{Repo, RepoPath};
use crate::text::TextEdit;

/// The edit that takes a host out: the inverse of `add_entry`.
///
/// # Errors
/// When the host is not made by an entry of its own.
pub fn remove_entry(
    repo: &Repo,
    found: &Discovery,
    name: &str,
) -> Result<Vec<(RepoPath, TextEdit)>, Diagnostic> {
    let host = found.require_host(name)?;
    let Some(entry) = &host.entry else {
        return Err(by_hand::no_entry(host));
    };
    match entry.kind {
        EntryKind::Directory => Ok(Vec::new()),
        // The file of a dendritic host declares it, and goes with its module.
        _ if is_self_declared(host) => Ok(Vec::new()),
        EntryKind::Data => {
            let edit = data::remove(repo, host, entry)?;
            Ok(vec![(entry.file.clone(), edit)])
        }
        EntryKind::Binding | EntryKind::Name | EntryKind::Row => {
            let file = read(repo, &entry.file)?;
            let edit = edit::remove_at(&file, entry.range.clone());
            let edit = edit.map_err(|refusal| refused(repo, &entry.file, &refusal))?;
            Ok(vec![(entry.file.clone(), edit)])
        }
    }
}
