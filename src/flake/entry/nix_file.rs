//! The file of Nix that an entry is in.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
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
    let diagnostic = refused_at(repo, path, refusal.range.clone(), &refusal.message);
    refusal.help.iter().fold(diagnostic, Diagnostic::help)
}

/// Something that is not edited, with its place.
pub(super) fn refused_at(
    repo: &Repo,
    path: &RepoPath,
    range: Range<usize>,
    why: &str,
) -> Diagnostic {
    let diagnostic = Diagnostic::error("entry-refused", why);
    match repo.source(path) {
        Ok(Some(source)) => diagnostic.at(&source, range, ""),
        _ => diagnostic,
    }
}

/// True if the file of the host's nested module also makes the host.
pub(super) fn is_self_declared(host: &FoundHost) -> bool {
    let entry = host.entry.as_ref().map(|entry| &entry.file);
    host.within.is_some() && host.module.as_ref() == entry
}
