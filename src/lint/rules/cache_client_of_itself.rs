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

use crate::diagnostic::Severity;
use crate::fleet::Selector;
use crate::lint::check::StaticCheck;
use crate::lint::context::CacheContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Cache(names_itself)],
    evaluated_half: &[],
};

fn names_itself(cache: &CacheContext<'_>) -> Vec<Violation> {
    let name = &cache.host;
    let is_itself = |client: &Selector| *client == Selector::Host(name.clone());
    let violation = |at: usize| {
        let keys = ["caches", name.as_str(), "clients", &at.to_string()];
        let message = format!("`{name}` cannot be a client of itself");
        Violation::new(Subject::cache(cache), message)
            .at_key(cache.context.fleet, &keys, &cache.range, "the cache itself")
            .help("delete the name")
    };
    let at = cache.clients.iter().position(is_itself);
    at.map(violation).into_iter().collect()
}
