//! The file of Nix that an entry is in.

use crate::diagnostic::{Diagnostic, Source};
use crate::flake::discovery::FoundHost;
use crate::nix::{NixFile, Refusal};
use crate::repo::{Repo, RepoPath};

/// The file, parsed.
pub(super) fn read(repo: &Repo, path: &RepoPath) -> Result<NixFile, Diagnostic> {
    match repo.nix(path) {
        Some(Ok(file)) => Ok(file),
        _ => Err(Diagnostic::error(
            "unreadable",
            format!("`{}` cannot be read", repo.shown(path)),
        )),
    }
}

/// An edit that the file's form does not allow.
pub(super) fn refused(repo: &Repo, path: &RepoPath, refusal: &Refusal) -> Diagnostic {
    let mut diagnostic = Diagnostic::error("entry-refused", refusal.message.clone());
    if let Ok(Some(text)) = repo.text(path) {
        let source = Source::new(repo.shown(path), text);
        diagnostic = diagnostic.at(&source, refusal.range.clone(), "");
    }
    refusal.help.iter().fold(diagnostic, Diagnostic::help)
}

/// True if the file of the host's nested module also makes the host.
pub(super) fn is_self_declared(host: &FoundHost) -> bool {
    let entry = host.entry.as_ref().map(|entry| &entry.file);
    host.within.is_some() && host.module.as_ref() == entry
}
