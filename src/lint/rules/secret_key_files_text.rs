//! A cache names its signing key as a string where larder adds to a list.
//!
//! ## Why is this bad
//! NixOS cannot join a string and a list: `The option
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
use crate::survey::Value;
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
    let violation = all
        .find(|hit| matches!(hit.value, Value::Text(_)))
        .map(|hit| {
            let list = format!("[ {} ]", hit.spot.written());
            let message = format!(
                "`{}` does not evaluate: larder adds a list to this string",
                cache.host
            );
            Violation::new(Subject::cache(cache), message)
                .at_spot(&hit.spot, "a list is needed")
                .help(format!("write `{list}`"))
                .fixed_by(TextEdit::replace(hit.spot.range.clone(), list))
        });
    violation.into_iter().collect()
}
