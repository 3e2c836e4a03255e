//! A cache names its signing key as a string or a path where larder adds to a list.
//!
//! ## Why is this bad
//! NixOS cannot join a string, or a path, and a list: `The option
//! nix.settings.secret-key-files has conflicting definition values`, and the host
//! does not evaluate.
//!
//! ## Example
//! ```nix
//! nix.settings.secret-key-files = "/etc/nix/key";    # on a cache
//! ```
//!
//! ## What to do
//! Write a list: `[ "/etc/nix/key" ]`.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::CacheContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::survey::{Hit, Strength, Value};
use crate::text::TextEdit;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Cache(text)],
    evaluated_half: &[],
};

fn text(cache: &CacheContext<'_>) -> Vec<Violation> {
    let machine = cache.machine().filter(|_| !cache.is_adopted());
    let all = machine.map(|machine| machine.all("nix.settings.secret-key-files"));
    let mut all = all.into_iter().flatten();
    // One of another priority replaces larder's list, or gives way to it.
    let plain = all.find(|hit| hit.strength == Strength::Plain && kind(&hit.value).is_some());
    let violation = plain.and_then(|hit| {
        let message = format!(
            "`{}` does not evaluate: larder adds a list to this {}",
            cache.host,
            kind(&hit.value)?
        );
        let list = as_list(&hit);
        let violation = Violation::new(Subject::cache(cache), message)
            .at_spot(&hit.spot, "a list is needed")
            .help(format!("write `{list}`"))
            .fixed_by(TextEdit::replace(hit.spot.range.clone(), list));
        Some(violation)
    });
    violation.into_iter().collect()
}

/// What a value is that is certainly no list.
fn kind(value: &Value) -> Option<&'static str> {
    match value {
        Value::Text(_) => Some("string"),
        Value::Path(_) => Some("path"),
        _ => None,
    }
}

/// The same as a list. An absolute path becomes a string: nothing can then copy the key
/// into the store.
fn as_list(hit: &Hit) -> String {
    let is_written_there = |path: &str| hit.spot.written() == path;
    match &hit.value {
        Value::Path(path) if path.starts_with('/') && is_written_there(path) => {
            format!("[ \"{path}\" ]")
        }
        _ => format!("[ {} ]", hit.spot.written()),
    }
}
