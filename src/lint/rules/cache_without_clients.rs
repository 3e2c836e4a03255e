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

use std::ops::Range;

use crate::diagnostic::Severity;
use crate::fleet::{Fleet, HostName};
use crate::lint::check::StaticCheck;
use crate::lint::context::{CacheContext, ExternalCacheContext};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[
        StaticCheck::Cache(idle),
        StaticCheck::ExternalCache(idle_elsewhere),
    ],
    evaluated_half: &[],
};

fn idle(cache: &CacheContext<'_>) -> Vec<Violation> {
    let fleet = cache.context.fleet;
    if fleet.clients(cache).next().is_some() {
        return Vec::new();
    }
    vec![violation(
        fleet,
        &cache.host,
        &cache.range,
        Subject::cache(cache),
    )]
}

fn idle_elsewhere(cache: &ExternalCacheContext<'_>) -> Vec<Violation> {
    let fleet = cache.context.fleet;
    if fleet.external_clients(cache).next().is_some() {
        return Vec::new();
    }
    let subject = Subject::external_cache(cache);
    vec![violation(fleet, &cache.name, &cache.range, subject)]
}

fn violation(fleet: &Fleet, name: &HostName, place: &Range<usize>, subject: Subject) -> Violation {
    let keys = ["caches", name.as_str(), "clients"];
    let message = format!("nobody reads from the cache `{name}`");
    Violation::new(subject, message)
        .at_key(fleet, &keys, place, "matches no host")
        .help(format!(
            "name its `clients`, or run `larder remove-cache {name}`"
        ))
}
