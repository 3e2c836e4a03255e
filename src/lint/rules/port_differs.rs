//! sshd of a cache listens on another port than its clients try.
//!
//! ## Why is this bad
//! The connection is refused, and the client builds everything itself.
//!
//! ## Example
//! ```nix
//! services.openssh.ports = [ 2222 ];    # on kalaw; larder.toml says no port
//! ```
//!
//! ## What to do
//! Write `port = 2222` into `[hosts.kalaw]` and run `larder sync`. Where a router
//! passes the connection on to another port, write the port into the client's link,
//! `[caches.kalaw.link.pai]`.

use crate::diagnostic::Severity;
use crate::lint::check::EvaluatedCheck;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::rule::Definition;
use crate::lint::violation::{Verdict, Violation};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    let Some(ports) = link.ports() else {
        return Verdict::Open;
    };
    let own = link.cache.link_overrides.get(&link.client.name);
    let is_own = own.is_some_and(|own| own.port.is_some());
    let first = ports
        .first()
        .filter(|_| !is_own && !ports.contains(&link.port));
    Verdict::decided(first.map(|first| violation(link, *first)))
}

fn violation(link: &EvaluatedLink<'_>, first: u16) -> Violation {
    let (client, cache) = (&link.client.name, &link.cache.host);
    let tried = link.port;
    let message =
        format!("`{client}` tries port {tried} of `{cache}`, whose sshd listens on {first}");
    link.violation(message)
        .help(format!(
            "write `port = {first}` into `[hosts.{cache}]`, and run `larder sync`"
        ))
        .help(format!(
            "where a router passes it on: `port = {tried}` into `[caches.{cache}.link.{client}]`"
        ))
}
