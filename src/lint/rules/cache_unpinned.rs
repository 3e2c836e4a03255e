//! A client does not know its cache's SSH host key beforehand.
//!
//! ## Why is this bad
//! Nix runs ssh as root, in the background. With an unknown host key it fails
//! (`Host key verification failed`, in the daemon's journal only), or asks a
//! question that nobody sees; and where it does not fail, whoever answers under
//! the cache's name is believed.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = [ "ssh://nix-ssh@kalaw.fritz.box" ];
//! # and no programs.ssh.knownHosts."kalaw.fritz.box"
//! ```
//!
//! ## What to do
//! Add `programs.ssh.knownHosts."NAME".publicKey`, with the key from
//! `/etc/ssh/ssh_host_ed25519_key.pub` on the cache. Where there are
//! `programs.ssh.knownHostsFiles`, the key may be in one of them, and this rule is silent.

use crate::diagnostic::Severity;
use crate::fleet::{Link, known_host_name};
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::hand_wiring::gap;
use crate::lint::rule::Definition;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::Machine;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    let machine = link.machine().filter(|_| link.is_adopted());
    if machine.is_none_or(|machine| is_pinned(link, machine)) {
        return Vec::new();
    }
    let name = known_host_name(&link.address, link.port);
    let violation = gap(link, message(link), "ssh asks nobody here, and fails");
    vec![violation.help(line(link, &name))]
}

/// Where larder wires the cache, `wiring-overridden` says that the pin is lost.
fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    let has_none = link.pins().is_some_and(|pins| pins.is_empty());
    if !link.is_adopted() || !has_none {
        return Verdict::decided(None);
    }
    let help = line(link, &link.known_as());
    Verdict::decided([link.violation(message(link)).help(help)])
}

fn is_pinned(link: &Link<'_>, machine: &Machine) -> bool {
    let (address, port) = (&link.address, link.port);
    let mut stores = machine.substituters().into_iter().filter_map(|s| s.store);
    machine.pins().iter().any(|pin| pin.is_for(address, port))
        || machine.says("programs.ssh.knownHostsFiles")
        || stores.any(|store| {
            store.host == address.as_str() && store.param("base64-ssh-public-host-key").is_some()
        })
}

fn message(link: &Link<'_>) -> String {
    let (client, cache) = (&link.client.name, &link.cache.host);
    format!("`{client}` does not know the host key of `{cache}` beforehand")
}

/// `name`: under which ssh looks the key up.
fn line(link: &Link<'_>, name: &str) -> String {
    let key = link.server.host_key.as_ref();
    let key = key.map_or_else(|| "ssh-ed25519 AAAA…".to_owned(), ToString::to_string);
    format!("add `programs.ssh.knownHosts.\"{name}\".publicKey = \"{key}\";`")
}
