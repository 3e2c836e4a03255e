//! A cache that nobody reads from.
//!
//! ## Why is this bad
//! The host runs sshd for a user that no one logs in as. Often a tag is misspelt.
//!
//! ## Example
//! ```toml
//! [caches.kalaw]
//! clients = ["@dekstop"]
//! ```
//!
//! ## What to do
//! Name its clients, or run `larder remove-cache`.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::CacheContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Cache(idle)],
    evaluated_half: &[],
};

fn idle(cache: &CacheContext<'_>) -> Vec<Violation> {
    let fleet = cache.context.fleet;
    if fleet.clients(cache).next().is_some() {
        return Vec::new();
    }
    let name = &cache.host;
    let keys = ["caches", name.as_str(), "clients"];
    let message = format!("nobody reads from the cache `{name}`");
    let violation = Violation::new(Subject::cache(cache), message)
        .at_key(fleet, &keys, &cache.range, "matches no host")
        .help(format!(
            "name its `clients`, or run `larder remove-cache {name}`"
        ));
    vec![violation]
}
