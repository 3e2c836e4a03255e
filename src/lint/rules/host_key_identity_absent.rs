//! A client is to log in with its SSH host key, and has none.
//!
//! ## Why is this bad
//! Clients log in with an ed25519 host key. NixOS makes host keys for sshd: on a host
//! without it there are none (what the files show of that says `client-sshd-off`), and where
//! `services.openssh.hostKeys` lists others there is none of this type: the host does not
//! evaluate, as larder's module asserts it.
//!
//! ## Example
//! ```nix
//! # on a client with `identity = "host-key"`
//! services.openssh.hostKeys = [ { type = "rsa"; path = "/etc/ssh/ssh_host_rsa_key"; } ];
//! ```
//!
//! ## What to do
//! Add an ed25519 key to the list. Or give the client a key of its own: `identity = { file = "/etc/nix/id", make =
//! true }` in `larder.toml`; or set `services.openssh.generateHostKeys` (NixOS
//! 26.05).

use crate::diagnostic::Severity;
use crate::fleet::{HostName, Identity};
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::rule::Definition;
use crate::lint::rules::client_sshd_off::{IDENTITY, NOTE, sshd_off};
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::Machine;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    if *link.identity != Identity::HostKey || link.is_adopted() {
        return Vec::new();
    }
    let types = link.machine().and_then(Machine::host_key_types);
    let lacking = types.filter(|(types, _)| types.iter().all(|kind| kind != "ed25519"));
    let violation = lacking.map(|(_, spot)| {
        Violation::new(Subject::link(link), message(&link.client.name))
            .at_spot(&spot, "no ed25519 key")
            .help(format!("add `{HOST_KEY}`"))
            .help(own_key(&link.client.name))
    });
    violation.into_iter().collect()
}

/// The ed25519 key of NixOS' default.
const HOST_KEY: &str = r#"{ type = "ed25519"; path = "/etc/ssh/ssh_host_ed25519_key"; }"#;

fn message(client: &HostName) -> String {
    format!("`{client}` logs in with its ed25519 host key, and has none")
}

fn own_key(client: &HostName) -> String {
    format!("for a key of its own, add to `[hosts.{client}]`: {IDENTITY}")
}

fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    let is_host_key = *link.identity == Identity::HostKey;
    if !is_host_key || !link.settings.host_keys().is_empty() {
        return Verdict::decided(None);
    }
    let client = &link.client.name;
    let violation = Violation::new(Subject::link(link), message(client));
    let violation = match sshd_off(link) {
        Some(spot) => violation.at_spot(&spot, NOTE),
        None => violation.at_host(link.context.fleet, link.client),
    };
    Verdict::decided([violation.help(own_key(client))])
}
