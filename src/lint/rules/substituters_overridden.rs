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
use crate::lint::context::{ExternalLinkContext, LinkContext};
use crate::lint::evaluated::{EvaluatedExternalLink, EvaluatedLink, List, Settings};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::{Machine, Spot, StoreUrl, Strength};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[
        StaticCheck::Link(in_files),
        StaticCheck::ExternalLink(in_files_elsewhere),
    ],
    evaluated_half: &[
        EvaluatedCheck::Link(evaluated),
        EvaluatedCheck::ExternalLink(evaluated_elsewhere),
    ],
};

const SUBSTITUTERS: &str = "substituters";
const TRUSTED_KEYS: &str = "trusted-public-keys";

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    let cache = in_list(link, SUBSTITUTERS, "the cache");
    let key = in_list(link, TRUSTED_KEYS, "the key of");
    cache.into_iter().chain(key).collect()
}

fn in_list(link: &LinkContext<'_>, name: &str, what: &str) -> Option<Violation> {
    let spot = overriding(link.machine()?, name, |text| is_ours(link, text))?;
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("`{client}` loses {what} `{cache}` here");
    Some(forced(subject(link, name), message, &spot))
}

fn in_files_elsewhere(link: &ExternalLinkContext<'_>) -> Vec<Violation> {
    let keys: Vec<String> = link.cache.signing_keys.iter().map(ToString::to_string).collect();
    let is_url = |text: &str| link.is_its(text);
    let is_key = |text: &str| keys.iter().any(|key| key == text);
    let url = lost_elsewhere(link, SUBSTITUTERS, "the cache", is_url);
    let key = lost_elsewhere(link, TRUSTED_KEYS, "the key of", is_key);
    url.into_iter().chain(key).collect()
}

fn lost_elsewhere(
    link: &ExternalLinkContext<'_>,
    name: &str,
    what: &str,
    is_ours: impl Fn(&str) -> bool,
) -> Option<Violation> {
    let spot = overriding(link.machine()?, name, is_ours)?;
    let (client, cache) = (&link.client.name, &link.cache.name);
    let message = format!("`{client}` loses {what} `{cache}` here");
    let subject = Subject::external_link(link.client, link.cache).part(name);
    Some(forced(subject, message, &spot))
}

fn forced(subject: Subject, message: String, spot: &Spot) -> Violation {
    Violation::new(subject, message)
        .at_spot(spot, "nothing but this list counts")
        .help("take `mkForce` away, or add what is missing to this list")
}

/// The definition that overrides all others and lacks what is ours.
fn overriding(machine: &Machine, name: &str, is_ours: impl Fn(&str) -> bool) -> Option<Spot> {
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
    (!kept.any(|word| is_ours(&word.text))).then_some(forced.spot)
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
        let violation = link.violation_of(subject(link, SUBSTITUTERS), message);
        lost(link.settings, List::Substituters, violation)
    });
    // In wiring by hand a key that nothing overrides is `cache-key-untrusted`'s.
    let is_forced = |machine| overriding(machine, TRUSTED_KEYS, |text| is_ours(link, text));
    let is_overridden = !link.is_adopted() || link.machine().and_then(is_forced).is_some();
    let key = (is_overridden && !link.trusts_signatures()).then(|| {
        let message = format!("`{client}` does not trust the signing key of `{cache}`");
        let violation = link.violation_of(subject(link, TRUSTED_KEYS), message);
        lost(link.settings, List::TrustedKeys, violation)
    });
    Verdict::decided(url.into_iter().chain(key))
}

/// Whoever wired it.
fn evaluated_elsewhere(link: &EvaluatedExternalLink<'_>) -> Verdict {
    let (client, cache) = (&link.client.name, &link.cache.name);
    let subject = |name| Subject::external_link(link.client, link.cache).part(name);
    // What a login lacks, and a Nix that cannot show a certificate, is said elsewhere.
    let may_stay_away = link.cache.tls.is_some() || lacks_a_secret(link);
    let url = (!link.is_asked() && !may_stay_away).then(|| {
        let message =
            format!("`{client}` does not ask `{cache}`: it is not among the substituters");
        let violation = link.violation_of(subject(SUBSTITUTERS), message);
        lost(link.settings, List::Substituters, violation)
    });
    let key = (!link.trusts_signatures()).then(|| {
        let message = format!("`{client}` does not trust the signing key of `{cache}`");
        let violation = link.violation_of(subject(TRUSTED_KEYS), message);
        lost(link.settings, List::TrustedKeys, violation)
    });
    Verdict::decided(url.into_iter().chain(key))
}

fn lacks_a_secret(link: &EvaluatedExternalLink<'_>) -> bool {
    let mut files = link.cache.login_files().into_iter();
    files.any(|(_, file)| link.settings.path_of(file).is_none())
}

fn lost(settings: &Settings, list: List, violation: Violation) -> Violation {
    if settings.nix.is_overridden_by_text(list) {
        return violation.help("a line of `nix.extraOptions` overrides the whole list");
    }
    violation
        .help("look for a `mkForce` of this list in the modules of the host")
        .help("`larder sync` says if the wiring is not imported")
}

fn subject(link: &Link<'_>, name: &str) -> Subject {
    Subject::link(link).part(name)
}
