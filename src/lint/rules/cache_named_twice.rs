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

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::LinkContext;
use crate::lint::finding::{at, warning};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Link(check);

fn check(link: &LinkContext<'_>) -> Vec<Diagnostic> {
    let Some(machine) = link.machine() else {
        return Vec::new();
    };
    let mut own: Vec<_> = machine
        .substituters()
        .into_iter()
        .filter_map(|one| Some((one.store?.host, one.word.spot)))
        .filter(|(host, _)| means(link, host))
        .collect();
    // What larder writes itself is not among these; by hand, the first may stay.
    if link.is_adopted() && !own.is_empty() {
        own.remove(0);
    }
    let (client, cache) = (&link.client.name, &link.cache.host);
    own.iter()
        .map(|(host, spot)| {
            let finding = warning(format!("`{client}` has the cache `{cache}` twice"))
                .help("delete this one")
                .about(format!("{} {host}", link.subject()));
            at(finding, spot, "the same machine")
        })
        .collect()
}

/// True if the name in a URL is one of the cache's.
fn means(link: &LinkContext<'_>, host: &str) -> bool {
    let is = |name: &str| host.eq_ignore_ascii_case(name);
    is(&link.address) || is(&link.server.address()) || is(&link.server.name)
}
