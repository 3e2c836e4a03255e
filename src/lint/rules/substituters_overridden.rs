//! A client drops the cache, or its key, by `mkForce`.
//!
//! ## Why is this bad
//! `mkForce` on a list keeps that list alone: what other modules add, larder's
//! among them, is lost silently.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = lib.mkForce [ "https://mirror.example.org" ];
//! ```
//!
//! ## What to do
//! Take `mkForce` away, or add the cache's URL and key to the list.

use crate::diagnostic::Severity;
use crate::fleet::{Link, SigningKey};
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::{EvaluatedLink, List};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::{Spot, StoreUrl, Strength};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

const SUBSTITUTERS: &str = "substituters";
const TRUSTED_KEYS: &str = "trusted-public-keys";

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    let cache = in_list(link, SUBSTITUTERS, "the cache");
    let key = in_list(link, TRUSTED_KEYS, "the key of");
    cache.into_iter().chain(key).collect()
}

fn in_list(link: &LinkContext<'_>, name: &str, what: &str) -> Option<Violation> {
    let spot = overriding(link, name)?;
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("`{client}` loses {what} `{cache}` here");
    let violation = Violation::new(subject(link, name), message)
        .at_spot(&spot, "nothing but this list counts")
        .help("take `mkForce` away, or add what is missing to this list");
    Some(violation)
}

/// The definition that overrides all others and lacks what is ours.
fn overriding(link: &LinkContext<'_>, name: &str) -> Option<Spot> {
    let machine = link.machine()?;
    let option = format!("nix.settings.{name}");
    let forced = machine
        .all(&option)
        .into_iter()
        .find(|hit| hit.strength == Strength::Force)?;
    if forced.is_conditional() || machine.is_hidden(&option) {
        return None;
    }
    let words = machine.words(&option).into_iter();
    let mut kept = words.filter(|word| word.strength == Strength::Force);
    (!kept.any(|word| is_ours(link, &word.text))).then_some(forced.spot)
}

fn is_ours(link: &Link<'_>, text: &str) -> bool {
    let is_url = link.is_tunnel_url(text)
        || StoreUrl::parse(text).is_some_and(|store| link.is_store_host(&store.host));
    let is_key = match &link.cache.signing_key {
        SigningKey::Known(key) => text == key.to_string(),
        SigningKey::Pending => text.contains(link.cache.host.as_str()),
    };
    is_url || is_key
}

fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    let (client, cache) = (&link.client.name, &link.cache.host);
    let url = (!link.is_asked()).then(|| {
        let message =
            format!("`{client}` does not ask `{cache}`: it is not among the substituters");
        lost(link, List::Substituters, SUBSTITUTERS, message)
    });
    // In wiring by hand a key that nothing overrides is `cache-key-untrusted`'s.
    let is_overridden = !link.is_adopted() || overriding(link, TRUSTED_KEYS).is_some();
    let key = (is_overridden && !link.trusts_signatures()).then(|| {
        let message = format!("`{client}` does not trust the signing key of `{cache}`");
        lost(link, List::TrustedKeys, TRUSTED_KEYS, message)
    });
    Verdict::decided(url.into_iter().chain(key))
}

fn lost(link: &EvaluatedLink<'_>, list: List, name: &str, message: String) -> Violation {
    let violation = link.violation_of(subject(link, name), message);
    if link.settings.nix.is_overridden_by_text(list) {
        return violation.help("a line of `nix.extraOptions` overrides the whole list");
    }
    violation
        .help("look for a `mkForce` of this list in the modules of the host")
        .help("`larder sync` says if the wiring is not imported")
}

fn subject(link: &Link<'_>, name: &str) -> Subject {
    Subject::link(link).part(name)
}
