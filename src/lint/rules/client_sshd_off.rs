//! A client is to log in with its SSH host key, and its files do not turn sshd on.
//!
//! ## Why is this bad
//! NixOS makes host keys for sshd: without it there are none, and every login
//! fails. Where the files do not show all that a client is made of, this may be
//! so without a finding here: `larder lint --eval` lets Nix decide
//! (`host-key-identity-absent`).
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

use crate::diagnostic::Severity;
use crate::fleet::Identity;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::survey::{Machine, Spot};

// Whether the client has a host key is `host-key-identity-absent`'s to say, once that
// is known.
pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::LinkSuperseded],
};

/// What makes host keys, or may.
const MAKERS: &[&str] = &[
    "services.openssh.enable",
    "services.openssh.generateHostKeys",
    "nix.sshServe.enable",
];

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    if *link.identity != Identity::HostKey {
        return Vec::new();
    }
    let violation = turned_off(link).or_else(|| never_on(link));
    violation.into_iter().collect()
}

fn turned_off(link: &LinkContext<'_>) -> Option<Violation> {
    let spot = sshd_off(link)?;
    let client = &link.client.name;
    let message = format!("`{client}` logs in with its host key, and may have none");
    let violation = Violation::new(Subject::link(link), message)
        .at_spot(&spot, NOTE)
        .help(format!("add to `[hosts.{client}]`: {IDENTITY}"));
    Some(violation)
}

/// Where a file of the client says that there is no sshd.
pub(super) fn sshd_off(link: &LinkContext<'_>) -> Option<Spot> {
    let machine = link.machine()?;
    let (_, off) = machine
        .flag("services.openssh.enable")
        .filter(|(on, _)| !on)?;
    let made = machine.flag("services.openssh.generateHostKeys");
    let may_have_keys = off.is_conditional() || made.is_some_and(|(made, _)| made);
    (!may_have_keys).then_some(off.spot)
}

/// What is said of the place that turns sshd off.
pub(super) const NOTE: &str = "no sshd, no host keys";

/// What helps: a key of its own.
pub(super) const IDENTITY: &str = "`identity = { file = \"/etc/nix/cache_key\", make = true }`";

/// All that the client is made of can be read, and nothing of it turns sshd on.
fn never_on(link: &LinkContext<'_>) -> Option<Violation> {
    let (context, client) = (link.context, link.client);
    // What serves runs sshd; and by hand any key may be named.
    if context.fleet.caches.contains_key(&client.name) || link.is_adopted() {
        return None;
    }
    let machine = link.machine()?;
    if may_make(machine) || !context.tells_all(machine) {
        return None;
    }
    let name = &client.name;
    let message = format!(
        "`{name}` logs in with its host key, and nothing in its files turns on sshd, which makes one"
    );
    let violation = Violation::new(Subject::link(link), message)
        .at_host(context.fleet, client)
        .help(format!(
            "`larder lint --eval --host {name}` lets Nix decide"
        ))
        .help(format!("without sshd, add to `[hosts.{name}]`: {IDENTITY}"));
    Some(violation)
}

fn may_make(machine: &Machine) -> bool {
    let mut options = MAKERS.iter();
    options.any(|option| machine.says(option) || machine.is_hidden(option))
}
