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

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::Host;
use crate::key::PublicKey;
use crate::lint::context::Context;
use crate::lint::finding::error;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Fleet(check);

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut first: HashMap<&PublicKey, &Host> = HashMap::new();
    let mut findings = Vec::new();
    for host in context.fleet.hosts.values() {
        let Some(key) = &host.host_key else {
            continue;
        };
        match first.get(key) {
            Some(other) => findings.push(finding(context, other, host)),
            None => drop(first.insert(key, host)),
        }
    }
    findings
}

fn finding(context: &Context<'_>, first: &Host, second: &Host) -> Diagnostic {
    let (one, two) = (&first.name, &second.name);
    let at = |finding, host: &Host, note: &str| {
        let keys = ["hosts", host.name.as_str(), "host-key"];
        context.in_inventory(finding, &keys, &host.range, note)
    };
    let finding = at(
        error(format!("`{one}` and `{two}` have the same host key")),
        second,
        "again here",
    );
    at(finding, first, "first here")
        .help(format!(
            "run `larder keys set {two} KEY` with the key of `{two}`"
        ))
        .about(format!("{one} {two}"))
}
