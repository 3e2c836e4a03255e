//! A client is to log in with its SSH host key, and runs no sshd.
//!
//! ## Why is this bad
//! NixOS makes host keys for sshd: without it there are none, and every login
//! fails. Where the files do not show all that a client is made of, this may be
//! so without a word here; `larder lint --eval` asks Nix, and then it is an error.
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
use crate::survey::Machine;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Link(check);

fn check(link: &LinkContext<'_>) -> Vec<Diagnostic> {
    let identity = link.identity;
    if *identity != Identity::HostKey {
        return Vec::new();
    }
    let finding = turned_off(link).or_else(|| never_on(link));
    finding.into_iter().collect()
}

/// A file says that there is no sshd.
fn turned_off(link: &LinkContext<'_>) -> Option<Diagnostic> {
    let machine = link.machine()?;
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

/// What makes host keys, or may.
const MAKERS: &[&str] = &[
    "services.openssh.enable",
    "services.openssh.generateHostKeys",
    "nix.sshServe.enable",
];

/// All that the client is made of can be read, and nothing of it turns sshd on.
fn never_on(link: &LinkContext<'_>) -> Option<Diagnostic> {
    let (context, client) = (link.context, link.client);
    // What serves runs sshd; and by hand any key may be named.
    if context.fleet.caches.contains_key(&client.name) || link.is_adopted() {
        return None;
    }
    // The whole machine is not put together where a part of it already tells.
    if may_make(link.machine()?) || context.whole(client)?.iter().any(may_make) {
        return None;
    }
    let client = &client.name;
    let finding = warning(format!(
        "`{client}` logs in with its host key, and nothing in its files turns on sshd, which makes one"
    ))
    .help(format!(
        "`larder lint --eval --host {client}` asks Nix, which knows"
    ))
    .help(format!(
        "without sshd, add to `[hosts.{client}]`: `identity = {{ file = \"/etc/nix/cache_key\", make = true }}`"
    ))
    .about(link.subject());
    Some(context.at_host(finding, link.client))
}

fn may_make(machine: &Machine) -> bool {
    let mut options = MAKERS.iter();
    options.any(|option| machine.says(option) || machine.is_hidden(option))
}
