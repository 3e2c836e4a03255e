//! Two hosts of the inventory log in with one key.
//!
//! A key that a cache gives to all of its clients is meant so and no finding; a key
//! that stands at one host and is another's as well is.
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

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::{Host, Identity};
use crate::key::PublicKey;
use crate::lint::context::Context;
use crate::lint::finding::warning;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Fleet(check);

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let hosts = || context.fleet.hosts.values();
    if hosts().all(|host| own_key(host).is_none()) {
        return Vec::new();
    }
    let mut first: HashMap<&PublicKey, (&Host, &str)> = HashMap::new();
    for host in hosts() {
        if let Some(key) = &host.host_key {
            first.entry(key).or_insert((host, "host-key"));
        }
    }
    let mut findings = Vec::new();
    for host in hosts() {
        let Some(key) = own_key(host) else { continue };
        match first.get(key) {
            Some(other) => findings.push(finding(context, *other, host)),
            None => drop(first.insert(key, (host, "identity"))),
        }
    }
    findings
}

fn own_key(host: &Host) -> Option<&PublicKey> {
    match host.identity.as_ref()? {
        Identity::File { key, .. } => key.as_ref(),
        Identity::HostKey => None,
    }
}

fn finding(context: &Context<'_>, (first, field): (&Host, &str), second: &Host) -> Diagnostic {
    let (one, two) = (&first.name, &second.name);
    let message = if one == two {
        format!("`{two}` has its host key as a key of its own as well")
    } else {
        format!("`{two}` logs in with a key of `{one}`")
    };
    let at = |finding, host: &Host, field: &str, note: &str| {
        let keys = ["hosts", host.name.as_str(), field];
        context.in_inventory(finding, &keys, &host.range, note)
    };
    let finding = at(warning(message), second, "identity", "again here");
    at(finding, first, field, "first here")
        .help(format!(
            "run `larder keys set {two} --identity --replace KEY` with a key that only `{two}` has"
        ))
        .about(format!("{one} {two}"))
}
