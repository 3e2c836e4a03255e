//! A bucket of S3 has neither a region nor an endpoint.
//!
//! ## Why is this bad
//! Nix then asks `us-east-1`. A bucket that is elsewhere answers with a redirection that Nix
//! does not follow, or refuses: to Nix, no path is there.
//!
//! ## Example
//! ```toml
//! [caches.work]
//! url = "s3://work-cache"
//! ```
//!
//! ## What to do
//! Write `?region=eu-central-1` behind it; for what only speaks the protocol of S3,
//! `?endpoint=minio.example.org`, with `&scheme=http` where it has no https.

use crate::diagnostic::Severity;
use crate::fleet::{UrlScheme, has_param};
use crate::lint::check::StaticCheck;
use crate::lint::context::ExternalCacheContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::ExternalCache(missing)],
    evaluated_half: &[],
};

fn missing(cache: &ExternalCacheContext<'_>) -> Vec<Violation> {
    let url = cache.url.as_str();
    let is_told = has_param(url, "region") || has_param(url, "endpoint");
    if cache.url.scheme() != UrlScheme::S3 || is_told {
        return Vec::new();
    }
    let (name, fleet) = (&cache.name, cache.context.fleet);
    let message = format!("nothing says where the bucket of `{name}` is");
    let sign = if url.contains('?') { '&' } else { '?' };
    let violation = Violation::new(Subject::external_cache(cache), message)
        .at_key_of_external(fleet, cache, "url", "Nix asks us-east-1")
        .help(format!("write `{url}{sign}region=REGION`, or `{sign}endpoint=HOST`"));
    vec![violation]
}
