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
use crate::fleet::HostName;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::{ExternalLinkContext, LinkContext};
use crate::lint::hand_wiring::gap;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::survey::Machine;

// Whether Nix falls back is `fallback-off`'s to say, once it is known.
pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[
        StaticCheck::Link(in_files),
        StaticCheck::ExternalLink(in_files_elsewhere),
    ],
    evaluated_half: &[EvaluatedCheck::LinkSuperseded],
};

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    if !link.is_adopted() || !is_unsaid(link.machine()) {
        return Vec::new();
    }
    let violation = gap(link, message(&link.client.name, &link.cache.host), NOTE);
    vec![violation.help(HELP)]
}

fn in_files_elsewhere(link: &ExternalLinkContext<'_>) -> Vec<Violation> {
    if !link.cache.is_adopted() || !is_unsaid(link.machine()) {
        return Vec::new();
    }
    let message = message(&link.client.name, &link.cache.name);
    let violation = Violation::new(Subject::external_link(link.client, link.cache), message);
    let violation = match link.by_hand().first() {
        Some(substituter) => violation.at_spot(&substituter.word.spot, NOTE),
        None => violation.at_key_of_external(link.context.fleet, link.cache, "url", NOTE),
    };
    vec![violation.help(HELP)]
}

/// True if the files are known, and say nothing of it.
fn is_unsaid(machine: Option<&Machine>) -> bool {
    machine.is_some_and(|machine| machine.nix_flag("nix.settings.fallback").is_none())
}

fn message(client: &HostName, cache: &HostName) -> String {
    format!("builds on `{client}` fail while `{cache}` is off")
}

const NOTE: &str = "Nix does not fall back to building";
const HELP: &str = "write `nix.settings.fallback = true;`";
