//! Clients reach a cache through Tailscale, whose own SSH server answers there.
//!
//! ## Why is this bad
//! With `tailscale up --ssh`, Tailscale takes port 22 of the machine's tailnet addresses for itself, with
//! another host key than sshd's. Clients pin sshd's key, refuse the other, and build
//! everything themselves; `nix-ssh` and its forced command are sshd's alone.
//! ([Tailscale SSH](https://tailscale.com/kb/1193/tailscale-ssh),
//! [tailscale#14093](https://github.com/tailscale/tailscale/issues/14093))
//!
//! ## Example
//! ```toml
//! [hosts.kalaw]
//! address = "kalaw.tail1234.ts.net"
//! ```
//! ```nix
//! services.tailscale.extraUpFlags = [ "--ssh" ];
//! ```
//!
//! ## What to do
//! Let sshd listen on another port as well (`services.openssh.ports = [ 22 2222 ];`), and name
//! it: `port = 2222` under `[hosts.kalaw]`. Or turn Tailscale's SSH server off.

use std::net::IpAddr;

use crate::diagnostic::Severity;
use crate::fleet::{Address, SSH_PORT};
use crate::lint::check::StaticCheck;
use crate::lint::context::LinkContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Link(answers)],
    evaluated_half: &[],
};

/// Where NixOS is told how to start Tailscale.
const FLAGS: &[&str] = &[
    "services.tailscale.extraUpFlags",
    "services.tailscale.extraSetFlags",
];

fn answers(link: &LinkContext<'_>) -> Vec<Violation> {
    // Tailscale takes no other port.
    if link.port != SSH_PORT || !is_in_tailnet(&link.address) {
        return Vec::new();
    }
    let Some(machine) = link.server_machine() else {
        return Vec::new();
    };
    let is_flag = |text: &str| matches!(text, "--ssh" | "--ssh=true");
    let flags = FLAGS.iter().flat_map(|option| machine.words(option));
    let Some(flag) = flags.into_iter().find(|word| is_flag(&word.text)) else {
        return Vec::new();
    };
    let (server, address) = (&link.server.name, &link.address);
    let message = format!(
        "at `{address}` Tailscale's own SSH server answers for `{server}`, with another host key"
    );
    let violation = Violation::new(Subject::link(link), message)
        .at_spot(&flag.spot, "it takes port 22 there")
        .help(format!(
            "give sshd of `{server}` another port as well, and write `port` under \
             `[hosts.{server}]`; or turn Tailscale's SSH server off"
        ));
    vec![violation]
}

/// A name or an address that Tailscale gives.
fn is_in_tailnet(address: &Address) -> bool {
    let text: &str = address.as_ref();
    match text.parse() {
        Ok(IpAddr::V4(ip)) => matches!(ip.octets(), [100, 64..=127, ..]),
        Ok(IpAddr::V6(ip)) => ip.segments()[..3] == [0xfd7a, 0x115c, 0xa1e0],
        Err(_) => text.ends_with(".ts.net"),
    }
}
