//! The SSH host key of a jump host is not known.
//!
//! ## Why is this bad
//! A client that goes through it does so as root, in the background, where nobody says yes to a
//! key that is new: unless root there knows it already, every login fails with `Host key
//! verification failed`, and the client builds everything itself. And a key that root has
//! once said yes to is gone after a reinstallation.
//!
//! ## Example
//! ```toml
//! [caches.kalaw.link.pai]
//! proxy-jump = "gate.example"    # and no [jump-hosts."gate.example"]
//! ```
//!
//! ## What to do
//! `larder keys scan gate.example`, or, with the key from `/etc/ssh/ssh_host_ed25519_key.pub`
//! there:
//!
//! ```toml
//! [jump-hosts."gate.example"]
//! host-key = "ssh-ed25519 AAAA…"
//! ```
//!
//! Of a jump host that is a host of the fleet, `host-key` under its `[hosts.NAME]` is taken.

use crate::diagnostic::Severity;
use crate::fleet::{Hop, HostName, ProxyJump};
use crate::lint::check::StaticCheck;
use crate::lint::context::LinkContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Link(unknown)],
    evaluated_half: &[],
};

fn unknown(link: &LinkContext<'_>) -> Vec<Violation> {
    let fleet = link.context.fleet;
    if link.is_adopted() || !fleet.missing(link.cache, link.client).is_empty() {
        return Vec::new();
    }
    let hops = link.proxy_jump.iter().flat_map(ProxyJump::hops);
    let unknown = hops.filter(|hop| fleet.hop_keys(hop).is_empty());
    unknown.map(|hop| violation(link, &hop)).collect()
}

fn violation(link: &LinkContext<'_>, hop: &Hop) -> Violation {
    let (client, cache) = (&link.client.name, &link.cache.host);
    let fleet = link.context.fleet;
    let host = fleet.host_of_hop(hop).map(|host| &host.name);
    let name = host.map_or(hop.address.as_str(), |host| host.as_str());
    let message = format!(
        "`{client}` goes to `{cache}` through `{}`, whose host key is not known",
        hop.address
    );
    let table = match host {
        Some(host) => format!("[hosts.{host}]"),
        None => format!("[jump-hosts.\"{}\"]", hop.address),
    };
    let subject = Subject::link(link).part(hop.address.as_str());
    let violation = Violation::new(subject, message).at_host(fleet, link.client);
    // What has no name, as an IPv6 address, is known by the inventory alone.
    let violation = match name.parse::<HostName>() {
        Ok(name) => violation.help(format!("run `larder keys scan {name}`")),
        Err(_) => violation,
    };
    violation.help(format!(
        "add to `larder.toml`:\n{table}\nhost-key = \"ssh-ed25519 AAAA…\""
    ))
}
