//! A client is to log in with its SSH host key, and has none.
//!
//! ## Why is this bad
//! NixOS makes host keys for sshd: on a host without it there are none, and every login
//! fails. What the files show of it says `client-sshd-off`.
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
use crate::lint::check::EvaluatedCheck;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::rule::Definition;
use crate::lint::rules::client_sshd_off::{IDENTITY, NOTE, sshd_off};
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    let is_host_key = *link.identity == Identity::HostKey;
    if !is_host_key || !link.settings.host_keys().is_empty() {
        return Verdict::decided(None);
    }
    let client = &link.client.name;
    let message = format!("`{client}` logs in with its host key, and has none");
    let violation = Violation::new(Subject::link(link), message);
    let violation = match sshd_off(link) {
        Some(spot) => violation.at_spot(&spot, NOTE),
        None => violation.at_host(link.context.fleet, link.client),
    };
    Verdict::decided([violation.help(format!("add to `[hosts.{client}]`: {IDENTITY}"))])
}
