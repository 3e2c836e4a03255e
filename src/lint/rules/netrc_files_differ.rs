//! A client has logins for two caches in two files.
//!
//! ## Why is this bad
//! Nix reads one netrc file, for whatever it fetches. The wiring of each cache names its own, and
//! the client does not evaluate.
//!
//! ## Example
//! ```toml
//! [caches.work]
//! netrc-file = "/run/agenix/work"
//! [caches.office]
//! netrc-file = "/run/agenix/office"
//! ```
//!
//! ## What to do
//! Put the lines of both into one file, and name that for both.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::ExternalLinkContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::ExternalLink(differ)],
    evaluated_half: &[],
};

/// Said of the later cache.
fn differ(link: &ExternalLinkContext<'_>) -> Vec<Violation> {
    let (fleet, cache) = (link.context.fleet, link.cache);
    let is_other = |file| Some(file) != cache.netrc_file.as_ref();
    let mut before = fleet.external_caches_of(link.client).filter(|other| {
        let is_wired = !other.is_adopted() && !cache.is_adopted();
        is_wired && other.range.start < cache.range.start
    });
    let other = before.find(|other| other.netrc_file.as_ref().is_some_and(is_other));
    let Some((other, _)) = other.zip(cache.netrc_file.as_ref()) else {
        return Vec::new();
    };
    let (client, name, other) = (&link.client.name, &cache.name, &other.name);
    let message = format!("`{client}` has its logins for `{other}` and `{name}` in two files");
    let violation = Violation::new(Subject::external_link(link.client, cache), message)
        .at_key_of_external(fleet, cache, "netrc-file", "Nix reads one such file")
        .help("put the lines of both into one file, and name that for both");
    vec![violation]
}
