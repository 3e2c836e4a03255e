//! A client has `nix.enable = false`.
//!
//! ## Why is this bad
//! NixOS then writes no nix.conf: no substituter, no trusted key, nothing of the
//! wiring arrives, and nothing warns.
//!
//! ## Example
//! ```nix
//! nix.enable = false;    # on a client
//! ```
//!
//! ## What to do
//! Delete the line, or take the host out of the cache's `clients`.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::HostContext;
use crate::lint::finding::{at, error};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Host(check);

fn check(host: &HostContext<'_>) -> Vec<Diagnostic> {
    let is_client = host.context.fleet.caches_of(host.host).next().is_some();
    let Some(machine) = host.machine().filter(|_| is_client) else {
        return Vec::new();
    };
    let off = machine
        .flag("nix.enable")
        .filter(|(on, hit)| !on && !hit.conditional);
    let name = &host.host.name;
    off.map(|(_, hit)| {
        let finding = error(format!("`{name}` is a client, and has no nix.conf"))
            .help("delete the line, or add the host to the cache's `except`")
            .about(name.as_str());
        at(finding, &hit.spot, "nothing of the wiring arrives")
    })
    .into_iter()
    .collect()
}
