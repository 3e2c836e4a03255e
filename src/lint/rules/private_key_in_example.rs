//! A private key is in git, in a folder for tests, examples or documentation.
//!
//! ## Why is this bad
//! A key that was made to be seen does no harm as long as no machine takes it. Whether
//! that is so, the file does not say.
//!
//! ## Example
//! `git add tests/keys/id_ed25519`
//!
//! ## What to do
//! If the key lets nobody in anywhere, allow the finding: `[[lint.allow]]` in
//! `larder.toml`. Else take it out of git (`git rm --cached FILE`) and make a new key.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::TextContext;
use crate::lint::rule::Definition;
use crate::lint::rules::private_key_tracked::{is_example, private_key};
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Text(tracked)],
    evaluated_half: &[],
};

fn tracked(text: &TextContext<'_>) -> Vec<Violation> {
    let key = is_example(text).then(|| private_key(text)).flatten();
    key.into_iter().collect()
}
