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

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::eval::Way;
use crate::lint::finding::error;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Way(check);

fn check(way: &Way<'_>) -> Vec<Diagnostic> {
    differs(way).into_iter().collect()
}

fn differs(way: &Way<'_>) -> Option<Diagnostic> {
    let link = way.cache.link_overrides.get(&way.client.name);
    let is_own = link.is_some_and(|link| link.port.is_some());
    let ports = way.ports()?;
    if is_own || ports.contains(&way.port) {
        return None;
    }
    let (client, cache) = (&way.client.name, &way.cache.host);
    let tried = way.port;
    let first = ports.first()?;
    let finding = error(format!(
        "`{client}` tries port {tried} of `{cache}`, whose sshd listens on {first}"
    ))
    .help(format!("write `port = {first}` into `[hosts.{cache}]`, and run `larder sync`"))
    .help(format!(
        "where a router passes it on: `port = {tried}` into `[caches.{cache}.link.{client}]`"
    ));
    Some(way.at_client(finding))
}
