//! The SSH host key of a cache is not known yet.
//!
//! ## Why is this bad
//! Clients pin it, so that nobody else can pose as the cache. larder does not wire them
//! before it knows the key: they build everything themselves.
//!
//! ## Example
//! ```toml
//! [hosts.kalaw]
//! module = "configuration-kalaw.nix"    # no host-key
//! [caches.kalaw]
//! clients = ["pai"]
//! ```
//!
//! ## What to do
//! `larder keys set HOST 'ssh-ed25519 AAAA…'`, with the key from
//! `/etc/ssh/ssh_host_ed25519_key.pub` on the cache.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::LinkContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Link(not_wired)],
    evaluated_half: &[],
};

fn not_wired(link: &LinkContext<'_>) -> Vec<Violation> {
    if link.is_adopted() || link.server.host_key.is_some() {
        return Vec::new();
    }
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("`{client}` is not wired to `{cache}` yet: its host key is not known");
    let violation = Violation::new(Subject::link(link), message)
        .at_host(link.context.fleet, link.server)
        .help(format!("run `larder keys set {cache} 'ssh-ed25519 AAAA…'`"));
    vec![violation]
}
