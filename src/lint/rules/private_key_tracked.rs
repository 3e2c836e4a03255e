//! A private key is in git.
//!
//! OpenSSH, PEM and age keys and the secret halves of Nix signing keys, told from
//! examples in documentation by their structure and checksums. What is staged
//! counts, be the file gone again; in a folder for tests, examples or documentation
//! it is a warning.
//!
//! ## Why is this bad
//! Everyone who can read the repository, now or later, can use the key; and
//! evaluating the flake copies it into the Nix store, which every user of the
//! machine can read.
//!
//! ## Example
//! `git add nix_ssh_priv_key`
//!
//! ## What to do
//! Take it out of git (`git rm --cached FILE`), ignore it, and make a new key: the
//! old one stays in the history.

use crate::diagnostic::{Diagnostic, Severity};
use crate::key::{PrivateKind, looks_private};
use crate::lint::context::TextContext;
use crate::lint::finding::{error, warning};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Text(check);

/// Folders whose keys were made to be seen.
const EXAMPLES: &[&str] = &[
    "test", "tests", "fixtures", "testdata", "example", "examples", "doc", "docs",
];

fn check(text: &TextContext<'_>) -> Vec<Diagnostic> {
    let kind = looks_private(&text.source.text);
    kind.map(|kind| finding(text, kind)).into_iter().collect()
}

fn finding(text: &TextContext<'_>, kind: PrivateKind) -> Diagnostic {
    let (path, kind) = (text.source.path.as_str(), kind.words());
    let message = if text.is_staged_only {
        format!("{kind} is staged as `{path}`, which no longer holds it")
    } else {
        format!("`{path}` holds {kind} and is in git")
    };
    let finding = if is_example(path) {
        warning(message)
    } else {
        error(message)
    };
    // No snippet: a key must not be shown again.
    finding
        .help(format!(
            "run `git rm --cached {path}`, add it to `.gitignore`, and make a new key"
        ))
        .in_file(path)
        .about(if text.is_staged_only {
            format!("{path} staged")
        } else {
            path.to_owned()
        })
}

fn is_example(path: &str) -> bool {
    path.split('/').any(|part| EXAMPLES.contains(&part))
}
