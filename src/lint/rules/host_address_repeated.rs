//! Two hosts of the inventory have the same address and port.
//!
//! ## Why is this bad
//! Only one of them answers there. If the other is a cache, its clients pin a key
//! that they never meet, and every login fails.
//!
//! ## Example
//! ```toml
//! [hosts.kalaw]
//! address = "192.168.1.5"
//! [hosts.pai]
//! address = "192.168.1.5"
//! ```
//!
//! ## What to do
//! Correct one of the two. Behind one router, give each its `port`.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::Host;
use crate::lint::context::Context;
use crate::lint::finding::{error, warning};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Fleet(check);

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut first: BTreeMap<(String, u16, String), &Host> = BTreeMap::new();
    let mut findings = Vec::new();
    for host in context.fleet.hosts.values() {
        let Some(address) = &host.address else {
            continue;
        };
        // The same private address behind two jump hosts is two places.
        let jump = host.proxy_jump.as_ref().map(ToString::to_string);
        let place = (
            address.to_lowercase(),
            host.port.unwrap_or(22),
            jump.unwrap_or_default(),
        );
        match first.get(&place) {
            Some(other) => findings.push(finding(context, other, host)),
            None => drop(first.insert(place, host)),
        }
    }
    findings
}

fn finding(context: &Context<'_>, first: &Host, second: &Host) -> Diagnostic {
    let message = format!(
        "`{}` and `{}` have the same address",
        first.name, second.name
    );
    let serves = |host: &Host| context.fleet.caches.contains_key(&host.name);
    let finding = if serves(first) || serves(second) {
        error(message)
    } else {
        warning(message)
    };
    let at = |finding, host: &Host, note: &str| {
        let keys = ["hosts", host.name.as_str(), "address"];
        context.in_inventory(finding, &keys, &host.range, note)
    };
    let finding = at(finding, second, "the same again");
    at(finding, first, "first here")
        .help("correct one of the two, or give each its `port`")
        .about(format!("{} {}", first.name, second.name))
}
