//! A client does not build what its cache cannot give.
//!
//! ## Why is this bad
//! Nix believes that a substituter has what it once said it has. With `fallback = false`
//! a build fails, while the cache is off, that this machine could have made itself.
//!
//! ## Example
//! ```nix
//! nix.settings.fallback = false;    # on a client
//! ```
//!
//! ## What to do
//! Write `nix.settings.fallback = true;` (owned modules do, unless a module of
//! your own says `false`).

use crate::diagnostic::Severity;
use crate::fleet::Link;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::hand_wiring::gap;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

const HELP: &str = "write `nix.settings.fallback = true;`";

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    let flag = link
        .machine()
        .and_then(|machine| machine.nix_flag("nix.settings.fallback"));
    let Some((false, spot)) = flag else {
        return Vec::new();
    };
    let note = "nothing is built in place of what cannot be fetched";
    let violation = Violation::new(Subject::link(link), message(link));
    vec![violation.at_spot(&spot, note).help(HELP)]
}

fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    if link.settings.nix.falls_back() {
        return Verdict::decided(None);
    }
    let violation = if link.is_adopted() {
        gap(link, message(link), "Nix does not fall back to building")
    } else {
        link.violation(message(link))
    };
    Verdict::decided([violation.help(format!("{HELP}, and take away what says otherwise"))])
}

fn message(link: &Link<'_>) -> String {
    let (client, cache) = (&link.client.name, &link.cache.host);
    format!("builds on `{client}` fail while `{cache}` is off")
}
