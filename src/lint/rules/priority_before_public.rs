//! A cache that is not on the local network is asked before cache.nixos.org.
//!
//! A store over ssh has priority 0 unless its URL says otherwise; cache.nixos.org
//! has 40, and lower is asked first.
//!
//! ## Why is this bad
//! Everything comes through the slow line, also what is public; and when the cache
//! is off, every single path waits for it.
//!
//! ## Example
//! ```toml
//! [caches.kalaw]
//! priority = 30    # and no `lan = true`
//! ```
//!
//! ## What to do
//! Write `lan = true` into `larder.toml` where it is one, or a priority above 40.
//! In wiring by hand: `?priority=41` in the URL.

use crate::diagnostic::Severity;
use crate::fleet::{Link, PUBLIC_PRIORITY};
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::hand_wiring::{gap, substituter};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::StoreUrl;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    if link.lan {
        return Vec::new();
    }
    let violation = if link.is_adopted() {
        by_hand(link)
    } else {
        owned(link)
    };
    violation.into_iter().collect()
}

fn owned(link: &LinkContext<'_>) -> Option<Violation> {
    if link.priority >= PUBLIC_PRIORITY {
        return None;
    }
    let fleet = link.context.fleet;
    let (client, cache) = (link.client.name.as_str(), link.cache.host.as_str());
    let of_link = ["caches", cache, "link", client, "priority"];
    let keys: &[&str] = match fleet.span(&of_link) {
        Some(_) => &of_link,
        None => &["caches", cache, "priority"],
    };
    let violation = Violation::new(Subject::link(link), message(link))
        .at_key(fleet, keys, &link.cache.range, "cache.nixos.org has 40")
        .help(help(link));
    Some(violation)
}

fn by_hand(link: &LinkContext<'_>) -> Option<Violation> {
    let one = substituter(link, link.machine()?)?;
    if !is_first(&one.store?) {
        return None;
    }
    let violation = gap(link, message(link), "over ssh: 0 by default")
        .help(help(link))
        .help("or add `?priority=41` to the URL");
    Some(violation)
}

fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    let store = link.store.as_ref().filter(|_| !link.lan);
    if !store.is_some_and(is_first) {
        return Verdict::decided(None);
    }
    Verdict::decided([link.violation(message(link)).help(help(link))])
}

fn is_first(store: &StoreUrl) -> bool {
    store.priority() < u32::from(PUBLIC_PRIORITY)
}

fn message(link: &Link<'_>) -> String {
    let (client, cache) = (&link.client.name, &link.cache.host);
    format!("`{client}` asks `{cache}` before cache.nixos.org, and not on a local network")
}

fn help(link: &Link<'_>) -> String {
    format!(
        "if they are on one, write `lan = true` into `[caches.{}]`",
        link.cache.host
    )
}
