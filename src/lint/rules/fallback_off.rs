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
use crate::fleet::HostName;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::{ExternalLinkContext, LinkContext};
use crate::lint::evaluated::{EvaluatedExternalLink, EvaluatedLink};
use crate::lint::hand_wiring::gap;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::Machine;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[
        StaticCheck::Link(in_files),
        StaticCheck::ExternalLink(in_files_elsewhere),
    ],
    evaluated_half: &[
        EvaluatedCheck::Link(evaluated),
        EvaluatedCheck::ExternalLink(evaluated_elsewhere),
    ],
};

const HELP: &str = "write `nix.settings.fallback = true;`";

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    off(link.machine(), Subject::link(link), of_link(link))
}

fn in_files_elsewhere(link: &ExternalLinkContext<'_>) -> Vec<Violation> {
    let subject = Subject::external_link(link.client, link.cache);
    off(link.machine(), subject, message(&link.client.name, &link.cache.name))
}

fn off(machine: Option<&Machine>, subject: Subject, message: String) -> Vec<Violation> {
    let flag = machine.and_then(|machine| machine.nix_flag("nix.settings.fallback"));
    let Some((false, spot)) = flag else {
        return Vec::new();
    };
    let note = "nothing is built in place of what cannot be fetched";
    let violation = Violation::new(subject, message);
    vec![violation.at_spot(&spot, note).help(HELP)]
}

fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    if link.settings.nix.falls_back() {
        return Verdict::decided(None);
    }
    let violation = if link.is_adopted() {
        gap(link, of_link(link), "Nix does not fall back to building")
    } else {
        link.violation(of_link(link))
    };
    Verdict::decided([violation.help(help())])
}

fn evaluated_elsewhere(link: &EvaluatedExternalLink<'_>) -> Verdict {
    if link.settings.nix.falls_back() {
        return Verdict::decided(None);
    }
    let subject = Subject::external_link(link.client, link.cache);
    let message = message(&link.client.name, &link.cache.name);
    Verdict::decided([link.violation_of(subject, message).help(help())])
}

fn help() -> String {
    format!("{HELP}, and take away what says otherwise")
}

fn of_link(link: &LinkContext<'_>) -> String {
    message(&link.client.name, &link.cache.host)
}

fn message(client: &HostName, cache: &HostName) -> String {
    format!("builds on `{client}` fail while `{cache}` is off")
}
