//! Wiring by hand does not say that a client builds what its cache cannot give.
//!
//! ## Why is this bad
//! Nix believes that a substituter has what it once said it has, and its default
//! is `fallback = false`. While the cache is off, a build fails that this machine
//! could have made itself. A file that larder does not read may say otherwise:
//! `larder lint --eval` lets Nix decide.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = [ "ssh://nix-ssh@kalaw" ];
//! # and no nix.settings.fallback = true
//! ```
//!
//! ## What to do
//! Write `nix.settings.fallback = true;`.

use crate::diagnostic::Severity;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::hand_wiring::gap;
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;

// Whether Nix falls back is `fallback-off`'s to say, once it is known.
pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::LinkSuperseded],
};

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    let machine = link.machine().filter(|_| link.is_adopted());
    let flag = machine.map(|machine| machine.nix_flag("nix.settings.fallback"));
    let Some(None) = flag else {
        return Vec::new();
    };
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("builds on `{client}` fail while `{cache}` is off");
    let violation = gap(link, message, "Nix does not fall back to building");
    vec![violation.help("write `nix.settings.fallback = true;`")]
}
