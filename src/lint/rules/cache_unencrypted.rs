//! A cache is asked over plain http by a public name.
//!
//! ## Why is this bad
//! Everybody on the way reads which paths a machine asks for and what is in them, and a login
//! for the cache, which they can use then. What they change, the signature tells; that a path is
//! not there, nothing does.
//!
//! ## Example
//! ```toml
//! [caches.work]
//! url = "http://cache.example.org"
//! ```
//!
//! ## What to do
//! Write `https://`, if the server speaks it. In a private network, or through a VPN, http does:
//! use the name or the address that it has there.

use crate::diagnostic::Severity;
use crate::fleet::UrlScheme;
use crate::lint::check::StaticCheck;
use crate::lint::context::ExternalCacheContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::ExternalCache(in_clear)],
    evaluated_half: &[],
};

fn in_clear(cache: &ExternalCacheContext<'_>) -> Vec<Violation> {
    let url = &cache.url;
    if url.scheme() != UrlScheme::Http || url.is_private() {
        return Vec::new();
    }
    let (name, fleet) = (&cache.name, cache.context.fleet);
    let message = match cache.netrc_file {
        Some(_) => format!("the login for `{name}` goes over the network as it is"),
        None => format!("what `{name}` sends everybody on the way can read"),
    };
    let violation = Violation::new(Subject::external_cache(cache), message)
        .at_key_of_external(fleet, cache, "url", "not encrypted")
        .help("write `https://`, or the name that it has in a private network");
    vec![violation]
}
