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

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::PUBLIC_PRIORITY;
use crate::lint::context::LinkContext;
use crate::lint::finding::{gap, substituter, warning};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Link(check);

fn check(link: &LinkContext<'_>) -> Vec<Diagnostic> {
    if link.lan {
        return Vec::new();
    }
    let finding = if link.is_adopted() {
        by_hand(link)
    } else {
        owned(link)
    };
    finding.into_iter().collect()
}

fn owned(link: &LinkContext<'_>) -> Option<Diagnostic> {
    if link.priority >= PUBLIC_PRIORITY {
        return None;
    }
    let (client, cache) = (link.client.name.as_str(), link.cache.host.as_str());
    let of_link = ["caches", cache, "link", client, "priority"];
    let keys: &[&str] = match link.context.fleet.span(&of_link) {
        Some(_) => &of_link,
        None => &["caches", cache, "priority"],
    };
    let finding = warning(message(link))
        .help(help(link))
        .about(link.subject());
    Some(
        link.context
            .in_inventory(finding, keys, &link.cache.range, "cache.nixos.org has 40"),
    )
}

fn by_hand(link: &LinkContext<'_>) -> Option<Diagnostic> {
    let one = substituter(link, link.machine()?)?;
    if one.store?.priority() >= u32::from(PUBLIC_PRIORITY) {
        return None;
    }
    let help_url = "or add `?priority=41` to the URL";
    Some(
        gap(link, message(link), "over ssh: 0 unless told")
            .help(help(link))
            .help(help_url),
    )
}

fn message(link: &LinkContext<'_>) -> String {
    let (client, cache) = (&link.client.name, &link.cache.host);
    format!("`{client}` asks `{cache}` before cache.nixos.org, and not on a local network")
}

fn help(link: &LinkContext<'_>) -> String {
    format!(
        "if they are on one, write `lan = true` into `[caches.{}]`",
        link.cache.host
    )
}
