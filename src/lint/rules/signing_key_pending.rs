//! The public half of a cache's signing key is not in the inventory yet.
//!
//! ## Why is this bad
//! Clients take nothing unsigned, so larder does not write their half before it
//! knows the key: they build everything themselves.
//!
//! ## Example
//! ```toml
//! [caches.kalaw]
//! signing-key = "pending"
//! ```
//!
//! ## What to do
//! Switch the serving host to its new configuration: it makes the key, and its journal has
//! the command that tells the fleet, `larder keys set`. A file that you bring yourself
//! (`make-signing-key = false`) it signs with once its public half is in the inventory.
//! Of a cache that exists elsewhere, who runs it tells the key.

use crate::diagnostic::Severity;
use crate::fleet::{Cache, SigningKey};
use crate::lint::check::StaticCheck;
use crate::lint::context::{CacheContext, ExternalCacheContext};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[
        StaticCheck::Cache(pending),
        StaticCheck::ExternalCache(pending_elsewhere),
    ],
    evaluated_half: &[],
};

fn pending(cache: &CacheContext<'_>) -> Vec<Violation> {
    if cache.signing_key != SigningKey::Pending {
        return Vec::new();
    }
    let name = &cache.host;
    let note = if cache.is_adopted() {
        "what it builds is ignored without it"
    } else {
        "its clients are not wired before it is"
    };
    let message = format!("the signing key of `{name}` is not known yet");
    let violation = Violation::new(Subject::cache(cache), message).at_key_of_cache(
        cache.context.fleet,
        cache,
        "signing-key",
        note,
    );
    vec![ways(cache).into_iter().fold(violation, Violation::help)]
}

/// Who runs the cache knows it.
fn pending_elsewhere(cache: &ExternalCacheContext<'_>) -> Vec<Violation> {
    if !cache.signing_keys.is_empty() {
        return Vec::new();
    }
    let (name, fleet) = (&cache.name, cache.context.fleet);
    let note = if cache.is_adopted() {
        "nobody knows whether its clients trust it"
    } else {
        "its clients are not wired before it is"
    };
    let message = format!("the signing key of `{name}` is not known yet");
    let violation = Violation::new(Subject::external_cache(cache), message)
        .at_key_of_external(fleet, cache, "signing-key", note)
        .help(format!("run `larder keys set {name} 'NAME:BASE64'`"));
    vec![violation]
}

/// How the public half gets into the inventory.
fn ways(cache: &Cache) -> Vec<String> {
    let (name, file) = (&cache.host, cache.signing_key_file());
    let set = format!("run `larder keys set {name} --signing-key 'NAME:BASE64'`");
    match (cache.is_adopted(), cache.makes_signing_key()) {
        (true, _) => vec![set],
        (false, true) => vec![format!(
            "after the next switch of `{name}`: `larder keys pull {name}`"
        )],
        (false, false) => vec![
            match file.managed() {
                Some(secret) => format!("declare the secret `{secret}` on `{name}`"),
                None => format!("put its secret half into `{file}` on `{name}`"),
            },
            set,
        ],
    }
}
