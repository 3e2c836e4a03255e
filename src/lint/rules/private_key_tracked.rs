//! A private key is in git.
//!
//! OpenSSH, PEM and age keys and the secret halves of Nix signing keys, distinguished
//! from examples in documentation by their structure and checksums. What is staged
//! counts, be the file gone again.
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

use crate::diagnostic::Severity;
use crate::key::looks_private;
use crate::lint::check::StaticCheck;
use crate::lint::context::TextContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Text(tracked)],
    evaluated_half: &[],
};

/// Folders whose keys were made to be seen: `private-key-in-example`.
const EXAMPLES: &[&str] = &[
    "test", "tests", "fixtures", "testdata", "example", "examples", "doc", "docs",
];

fn tracked(text: &TextContext<'_>) -> Vec<Violation> {
    let key = (!is_example(text)).then(|| private_key(text)).flatten();
    key.into_iter().collect()
}

/// True for a text in a folder for tests, examples or documentation.
pub(super) fn is_example(text: &TextContext<'_>) -> bool {
    let mut parts = text.source.path.split('/');
    parts.any(|part| EXAMPLES.contains(&part))
}

/// The private key in a text. No snippet: a key must not be shown again.
pub(super) fn private_key(text: &TextContext<'_>) -> Option<Violation> {
    let kind = looks_private(&text.source.text)?.words();
    let path = &text.source.path;
    let file = Subject::file(path);
    let (message, subject) = if text.is_staged_only {
        let message = format!("{kind} is staged as `{path}`, which no longer holds it");
        (message, file.part("staged"))
    } else {
        (format!("`{path}` holds {kind} and is in git"), file)
    };
    let violation = Violation::new(subject, message).in_file(path).help(format!(
        "run `git rm --cached {path}`, add it to `.gitignore`, and make a new key"
    ));
    Some(violation)
}
