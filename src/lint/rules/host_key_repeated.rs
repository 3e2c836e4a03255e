//! Two hosts of the inventory have the same SSH host key.
//!
//! ## Why is this bad
//! Each can pass itself off as the other, and a cache cannot tell which of the two
//! logs in. It happens when a disk image with keys in it is copied, or a line of
//! the inventory is.
//!
//! ## Example
//! ```toml
//! [hosts.pai]
//! host-key = "ssh-ed25519 AAAAC3…"
//! [hosts.thaton]
//! host-key = "ssh-ed25519 AAAAC3…"
//! ```
//!
//! ## What to do
//! Correct the line, or make a new key on one of the machines (delete
//! `/etc/ssh/ssh_host_*` and restart sshd) and run `larder keys set`.

use std::collections::HashMap;

use crate::diagnostic::Severity;
use crate::fleet::{Fleet, Host};
use crate::key::PublicKey;
use crate::lint::check::StaticCheck;
use crate::lint::context::Context;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Fleet(repeated)],
    evaluated_half: &[],
};

fn repeated(context: &Context<'_>) -> Vec<Violation> {
    let mut first: HashMap<&PublicKey, &Host> = HashMap::new();
    let mut violations = Vec::new();
    for host in context.fleet.hosts.values() {
        for key in host.host_keys() {
            match first.get(key) {
                Some(other) => violations.push(violation(context.fleet, other, host)),
                None => drop(first.insert(key, host)),
            }
        }
    }
    violations
}

fn violation(fleet: &Fleet, first: &Host, second: &Host) -> Violation {
    let (one, two) = (&first.name, &second.name);
    let message = format!("`{one}` and `{two}` have the same host key");
    Violation::new(Subject::hosts(first, second), message)
        .at_key_of_host(fleet, second, "host-key", "again here")
        .at_key_of_host(fleet, first, "host-key", "first here")
        .help(format!(
            "run `larder keys set {two} KEY` with the key of `{two}`"
        ))
}
