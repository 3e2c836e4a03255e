//! A client is to log in with its SSH host key, and runs no sshd.
//!
//! ## Why is this bad
//! NixOS makes host keys for sshd: without it there may be none, and every login
//! fails.
//!
//! ## Example
//! ```nix
//! services.openssh.enable = false;    # on a client with `identity = "host-key"`
//! ```
//!
//! ## What to do
//! Give the client a key of its own: `identity = { file = "/etc/nix/id", make =
//! true }` in `larder.toml`; or set `services.openssh.generateHostKeys` (NixOS
//! 26.05).

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::Identity;
use crate::lint::context::LinkContext;
use crate::lint::finding::{at, warning};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Link(check);

fn check(link: &LinkContext<'_>) -> Vec<Diagnostic> {
    absent(link).into_iter().collect()
}

fn absent(link: &LinkContext<'_>) -> Option<Diagnostic> {
    let identity = link.context.fleet.identity(link.cache, link.client);
    let machine = link.machine().filter(|_| *identity == Identity::HostKey)?;
    let (_, off) = machine
        .flag("services.openssh.enable")
        .filter(|(on, _)| !on)?;
    let made = machine.flag("services.openssh.generateHostKeys");
    if off.conditional || made.is_some_and(|(made, _)| made) {
        return None;
    }
    let client = &link.client.name;
    let finding = warning(format!(
        "`{client}` logs in with its host key, and may have none"
    ))
    .help(format!(
        "add to `[hosts.{client}]`: `identity = {{ file = \"/etc/nix/cache_key\", make = true }}`"
    ))
    .about(link.subject());
    Some(at(finding, &off.spot, "no sshd, no host keys"))
}
