//! A client has one cache under two names.
//!
//! ## Why is this bad
//! Nix takes them for two stores and asks both for every path. When the cache is
//! off, each path waits twice; and what holds for one name (the pin, the timeouts,
//! the priority) does not hold for the other.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = [
//!   "ssh://nix-ssh@kalaw"
//!   "ssh://nix-ssh@kalaw.fritz.box"
//! ];
//! ```
//!
//! ## What to do
//! Keep one. Where larder wires the cache, delete the line written by hand.

use crate::diagnostic::Severity;
use crate::fleet::Link;
use crate::lint::check::StaticCheck;
use crate::lint::context::{ExternalLinkContext, LinkContext};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[
        StaticCheck::Link(repeated),
        StaticCheck::ExternalLink(repeated_elsewhere),
    ],
    evaluated_half: &[],
};

fn repeated(link: &LinkContext<'_>) -> Vec<Violation> {
    let Some(machine) = link.machine() else {
        return Vec::new();
    };
    let substituters = machine.substituters().into_iter();
    let mut own: Vec<_> = substituters
        .filter_map(|one| Some((one.store?.host, one.word.spot)))
        .filter(|(host, _)| names_server(link, host))
        .collect();
    // What larder writes itself is not among these; by hand, the first may stay.
    if link.is_adopted() && !own.is_empty() {
        own.remove(0);
    }
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("`{client}` has the cache `{cache}` twice");
    own.iter()
        .map(|(host, spot)| {
            Violation::new(Subject::link(link).part(host), &message)
                .at_spot(spot, "the same machine")
                .help("delete this one")
        })
        .collect()
}

fn repeated_elsewhere(link: &ExternalLinkContext<'_>) -> Vec<Violation> {
    let by_hand = link.by_hand();
    let is_wired_by_hand = usize::from(link.cache.is_adopted());
    let (client, cache) = (&link.client.name, &link.cache.name);
    let subject = Subject::external_link(link.client, link.cache);
    let message = format!("`{client}` has the cache `{cache}` twice");
    by_hand
        .iter()
        .skip(is_wired_by_hand)
        .map(|one| {
            Violation::new(subject.clone(), &message)
                .at_spot(&one.word.spot, "the same cache")
                .help("delete this one")
        })
        .collect()
}

/// True if the name in a URL is one of the cache's.
fn names_server(link: &Link<'_>, host: &str) -> bool {
    let is = |name: &str| host.eq_ignore_ascii_case(name);
    is(&link.address) || is(&link.server.address()) || is(&link.server.name)
}
