//! Two hosts of the inventory log in with one key.
//!
//! A key that a cache gives to all of its clients is meant so and is no finding; a key
//! of one host that another has as well is one.
//!
//! ## Why is this bad
//! The cache cannot tell the two apart, and neither can be shut out alone: when one
//! laptop is lost, both need a new key. It happens when a line is copied.
//!
//! ## Example
//! ```toml
//! [hosts.pai]
//! identity = { file = "/etc/nix/id", key = "ssh-ed25519 AAAAC3…" }
//! [hosts.thaton]
//! identity = { file = "/etc/nix/id", key = "ssh-ed25519 AAAAC3…" }
//! ```
//!
//! ## What to do
//! Correct the line with `larder keys set HOST --identity --replace KEY`, or make a new key on
//! one of the machines.

use std::collections::HashMap;

use crate::diagnostic::Severity;
use crate::fleet::{Fleet, Host, Identity};
use crate::key::PublicKey;
use crate::lint::check::StaticCheck;
use crate::lint::context::Context;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Fleet(repeated)],
    evaluated_half: &[],
};

/// A key's first owner, and the field of the inventory that says so.
type Owner<'a> = (&'a Host, &'static str);

fn repeated(context: &Context<'_>) -> Vec<Violation> {
    let hosts = || context.fleet.hosts.values();
    if hosts().all(|host| own_key(host).is_none()) {
        return Vec::new();
    }
    let mut first: HashMap<&PublicKey, Owner<'_>> = HashMap::new();
    for host in hosts() {
        for key in host.host_keys() {
            first.entry(key).or_insert((host, "host-key"));
        }
    }
    let mut violations = Vec::new();
    for host in hosts() {
        let Some(key) = own_key(host) else { continue };
        match first.get(key) {
            Some(other) => violations.push(violation(context.fleet, *other, host)),
            None => drop(first.insert(key, (host, "identity"))),
        }
    }
    violations
}

fn own_key(host: &Host) -> Option<&PublicKey> {
    match host.identity.as_ref()? {
        Identity::File { key, .. } => key.as_ref(),
        Identity::HostKey => None,
    }
}

fn violation(fleet: &Fleet, (first, field): Owner<'_>, second: &Host) -> Violation {
    let (one, two) = (&first.name, &second.name);
    let message = if one == two {
        format!("`{two}` has its host key as a key of its own as well")
    } else {
        format!("`{two}` logs in with a key of `{one}`")
    };
    Violation::new(Subject::hosts(first, second), message)
        .at_key_of_host(fleet, second, "identity", "again here")
        .at_key_of_host(fleet, first, field, "first here")
        .help(format!(
            "run `larder keys set {two} --identity --replace KEY` with a key that only `{two}` has"
        ))
}
