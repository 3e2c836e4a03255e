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

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::Cache;
use crate::lint::context::Context;
use crate::lint::finding::warning;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Fleet(check);

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let caches = context.fleet.caches.values();
    let idle = caches.filter(|cache| context.fleet.clients(cache).next().is_none());
    idle.map(|cache| finding(context, cache)).collect()
}

fn finding(context: &Context<'_>, cache: &Cache) -> Diagnostic {
    let name = &cache.host;
    let finding = warning(format!("nobody reads from the cache `{name}`"))
        .help(format!(
            "name its `clients`, or run `larder remove-cache {name}`"
        ))
        .about(name.as_str());
    let keys = ["caches", name.as_str(), "clients"];
    context.in_inventory(finding, &keys, &cache.range, "no host is meant by this")
}
