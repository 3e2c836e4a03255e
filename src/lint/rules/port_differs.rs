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
use crate::fleet::Link;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::Machine;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    let ports = link.server_machine().and_then(Machine::sshd_ports);
    let ports = ports.unwrap_or_default();
    let numbers: Vec<u16> = ports.iter().map(|(port, _)| *port).collect();
    let wrong = ports.first().filter(|_| tries_another(link, &numbers));
    let violation = wrong.map(|(first, spot)| {
        let violation = Violation::new(Subject::link(link), message(link, *first));
        helped(violation.at_spot(spot, ""), link, *first)
    });
    violation.into_iter().collect()
}

fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    let Some(ports) = link.ports() else {
        return Verdict::Open;
    };
    let first = ports.first().filter(|_| tries_another(link, ports));
    Verdict::decided(first.map(|first| {
        let violation = link.violation(message(link, *first));
        helped(violation, link, *first)
    }))
}

/// True if the client tries a port that is none of these. A port of the link's own may be
/// one that a router passes on.
fn tries_another(link: &Link<'_>, ports: &[u16]) -> bool {
    let own = link.cache.link_overrides.get(&link.client.name);
    let is_own = own.is_some_and(|own| own.port.is_some());
    !is_own && !ports.contains(&link.port)
}

fn message(link: &Link<'_>, first: u16) -> String {
    let (client, cache, tried) = (&link.client.name, &link.cache.host, link.port);
    format!("`{client}` tries port {tried} of `{cache}`, whose sshd listens on {first}")
}

fn helped(violation: Violation, link: &Link<'_>, first: u16) -> Violation {
    let (client, cache, tried) = (&link.client.name, &link.cache.host, link.port);
    violation
        .help(format!(
            "write `port = {first}` into `[hosts.{cache}]`, and run `larder sync`"
        ))
        .help(format!(
            "where a router passes it on: `port = {tried}` into `[caches.{cache}.link.{client}]`"
        ))
}
