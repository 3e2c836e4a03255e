//! A cache is named among its own clients.
//!
//! ## Why is this bad
//! A host never fetches from itself, so the word has no effect: perhaps another
//! host was meant.
//!
//! ## Example
//! ```toml
//! [caches.kalaw]
//! clients = ["kalaw"]
//! ```
//!
//! ## What to do
//! Delete the name. `"@all"` and tags may include the cache; they skip it.

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::{Cache, Selector};
use crate::lint::context::Context;
use crate::lint::finding::warning;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Fleet(check);

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let caches = context.fleet.caches.values();
    caches
        .filter_map(|cache| of_itself(context, cache))
        .collect()
}

fn of_itself(context: &Context<'_>, cache: &Cache) -> Option<Diagnostic> {
    let name = &cache.host;
    let is_itself = |client: &Selector| *client == Selector::Host(name.clone());
    let at = cache.clients.iter().position(is_itself)?.to_string();
    let finding = warning(format!("`{name}` cannot be a client of itself"))
        .help("delete the name")
        .about(name.as_str());
    let keys = ["caches", name.as_str(), "clients", &at];
    Some(context.in_inventory(finding, &keys, &cache.range, "the cache itself"))
}
