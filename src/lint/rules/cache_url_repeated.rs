//! Two caches of the inventory have the same URL.
//!
//! ## Why is this bad
//! Nix takes them for one store or for two, by a slash or a parameter; who is a client of both
//! asks it twice, with two priorities, and what is changed of one is not changed of the other.
//!
//! ## Example
//! ```toml
//! [caches.work]
//! url = "https://cache.example.org"
//! [caches.office]
//! url = "https://cache.example.org/"
//! ```
//!
//! ## What to do
//! Keep one, with the clients of both.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::ExternalCacheContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::ExternalCache(repeated)],
    evaluated_half: &[],
};

/// Said of the later one.
fn repeated(cache: &ExternalCacheContext<'_>) -> Vec<Violation> {
    let fleet = cache.context.fleet;
    let mut others = fleet.external_caches.values();
    let same = others.find(|other| {
        other.range.start < cache.range.start && other.url.store() == cache.url.store()
    });
    let violation = same.map(|other| {
        let (name, other) = (&cache.name, &other.name);
        let message = format!("`{name}` has the URL of `{other}`");
        Violation::new(Subject::external_cache(cache), message)
            .at_key_of_external(fleet, cache, "url", "the same cache")
            .help(format!("keep one: `larder remove-cache {name}`"))
    });
    violation.into_iter().collect()
}
