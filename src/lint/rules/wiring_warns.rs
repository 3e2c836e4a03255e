//! larder's own modules warn, while they are evaluated, that something is lost.
//!
//! ## Why is this bad
//! The modules look at what all definitions come to, and say what does not work:
//! the same warning that `nixos-rebuild` shows.
//!
//! ## Example
//! ```text
//! warning: larder: the cache `kalaw` fails builds while it is off: `nix.settings.fallback` is false
//! ```
//!
//! ## What to do
//! What the warning says. It is reported here only where no other rule has found
//! the cause.

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::Cache;
use crate::lint::eval::{Answer, Answered, at_host};
use crate::lint::finding::warning;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Answer(check);

fn check(answered: &Answered<'_>) -> Vec<Diagnostic> {
    let caches = answered.fleet.caches.values();
    caches
        .filter(|cache| !is_explained(answered, cache))
        .flat_map(|cache| of_cache(answered, cache))
        .collect()
}

fn of_cache(answered: &Answered<'_>, cache: &Cache) -> Vec<Diagnostic> {
    let Answer::Settings(settings) = answered.answer else {
        return Vec::new();
    };
    let (host, cache) = (&answered.host.name, cache.host.as_str());
    let texts = settings.warnings_about(cache);
    texts
        .map(|text| {
            let finding = warning(format!("on `{host}`, the cache `{cache}` {text}"))
                .help("the module in `larder/` that says so explains what it needs")
                .about(format!("{host}>{cache} {text}"));
            at_host(finding, answered.fleet, answered.host)
        })
        .collect()
}

/// True if a rule has said of this host and cache what is wrong.
fn is_explained(answered: &Answered<'_>, cache: &Cache) -> bool {
    let (host, cache) = (answered.host.name.as_str(), cache.host.as_str());
    answered.findings.iter().any(|finding| {
        let about = finding.subject.split(' ').next().unwrap_or_default();
        match about.split_once('>') {
            Some((client, of)) => of == cache && (client == host || host == cache),
            None => about == host,
        }
    })
}
