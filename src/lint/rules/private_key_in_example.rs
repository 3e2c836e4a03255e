//! A private key is in git, among tests, examples or documentation.
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
//! `larder.toml`. Else make a new key, and take this one out as `private-key-tracked` says.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::TextContext;
use crate::lint::rule::Definition;
use crate::lint::rules::private_key_tracked::{help, is_example, private_key};
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Text(tracked)],
    evaluated_half: &[],
};

fn tracked(text: &TextContext<'_>) -> Vec<Violation> {
    let key = is_example(text).then(|| private_key(text)).flatten();
    key.map(|key| {
        let [new_key, way_out] = help(text);
        let path = &text.source.path;
        key.help(format!(
            "if it lets nobody in anywhere, add to `larder.toml`:\n[[lint.allow]]\n\
             rule = \"private-key-in-example\"\nat = \"{path}\"\nreason = \"a test key\""
        ))
        .help(format!("else {new_key}"))
        .help(way_out)
    })
    .into_iter()
    .collect()
}
