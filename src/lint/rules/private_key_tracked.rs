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
//! Make a new key and keep it out of the repository: the old one stays in the history.
//! Then take the old one out of git: `git rm --cached FILE` where the file is the key and
//! nothing else. Where it stands in a module, move it out of that: without the module, the
//! machine does not evaluate.
//!
//! The file of a key in hardware (`sk-ssh-ed25519@openssh.com`) only names the key, and the
//! keys of NixOS's own tests are known to everybody: neither is reported. A file that a
//! filter such as git-crypt encrypts is judged by what git has.

use crate::diagnostic::Severity;
use crate::key::{is_only_a_key, leaked_key};
use crate::lint::check::StaticCheck;
use crate::lint::context::TextContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::text::shell_word;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Text(tracked)],
    evaluated_half: &[],
};

/// Folders whose keys were made to be seen: `private-key-in-example`.
const EXAMPLES: &[&str] = &[
    "check", "checks", "doc", "docs", "example", "examples", "fixture", "fixtures", "mock",
    "mocks", "sample", "samples", "spec", "specs", "test", "testdata", "testing", "tests",
];

fn tracked(text: &TextContext<'_>) -> Vec<Violation> {
    let key = (!is_example(text)).then(|| private_key(text)).flatten();
    key.map(|key| help(text).into_iter().fold(key, Violation::help))
        .into_iter()
        .collect()
}

/// True for a text in a folder for tests, examples or documentation, and for one whose
/// keys are called by the name that NixOS's tests have for theirs.
pub(super) fn is_example(text: &TextContext<'_>) -> bool {
    let mut parts = text.source.path.split('/');
    parts.any(is_for_examples) || text.source.text.to_lowercase().contains("snakeoil")
}

/// True for `tests`, `tests.nix` and `vm-tests`.
fn is_for_examples(name: &str) -> bool {
    let name = name.strip_suffix(".nix").unwrap_or(name).to_lowercase();
    let last = name.rsplit(['-', '_']).next().unwrap_or(&name);
    EXAMPLES.contains(&last)
}

/// The private key in a text. No snippet: a key must not be shown again.
pub(super) fn private_key(text: &TextContext<'_>) -> Option<Violation> {
    let kind = leaked_key(&text.source.text)?.words();
    let path = &text.source.path;
    let file = Subject::file(path);
    let (message, subject) = if text.is_staged_only {
        let message = format!("{kind} is staged as `{path}`, which no longer holds it");
        (message, file.part("staged"))
    } else {
        (format!("`{path}` holds {kind} and is in git"), file)
    };
    Some(Violation::new(subject, message).in_file(path))
}

/// The old key stays in the history.
const NEW_KEY: &str = "make a new key, and keep it out of the repository";

/// How to get rid of the key: without it in the history, and with what else is there.
pub(super) fn help(text: &TextContext<'_>) -> [String; 2] {
    let (path, new_key) = (&text.source.path, NEW_KEY.to_owned());
    if text.is_staged_only {
        let unstage = format!("run `git add -A {}`, which stages what is there now", shell_word(path));
        return [unstage, new_key];
    }
    let way_out = if is_only_a_key(&text.source.text) {
        format!("then run `git rm --cached {}`, and add it to `.gitignore`", shell_word(path))
    } else {
        format!("then take the old one out of `{path}`, and commit that")
    };
    [new_key, way_out]
}
