//! A client does not know its cache's SSH host key beforehand.
//!
//! ## Why is this bad
//! Nix runs ssh as root, in the background. With an unknown host key it fails
//! (`Host key verification failed` stands only in the daemon's journal), or asks a
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
//! Tell larder the key: `larder keys set HOST 'ssh-ed25519 AAAA…'`; it stands in
//! `/etc/ssh/ssh_host_ed25519_key.pub` on the cache. In wiring of your own, add
//! `programs.ssh.knownHosts."NAME".publicKey`.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::LinkContext;
use crate::lint::finding::{gap, warning};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Link(check);

fn check(link: &LinkContext<'_>) -> Vec<Diagnostic> {
    let finding = if link.is_adopted() {
        by_hand(link)
    } else {
        owned(link)
    };
    finding.into_iter().collect()
}

fn owned(link: &LinkContext<'_>) -> Option<Diagnostic> {
    if link.server.host_key.is_some() {
        return None;
    }
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("`{client}` is not wired to `{cache}` yet: its host key is not known");
    let finding = link.context.at_host(warning(message), link.server);
    let help = format!("run `larder keys set {cache} 'ssh-ed25519 AAAA…'`");
    Some(finding.help(help).about(link.subject()))
}

fn by_hand(link: &LinkContext<'_>) -> Option<Diagnostic> {
    let (address, port) = (&link.address, link.port);
    let machine = link.machine()?;
    let pinned = machine.pins().iter().any(|pin| pin.is_for(address, port));
    let in_url = machine
        .substituters()
        .into_iter()
        .filter_map(|s| s.store)
        .any(|store| {
            store.host == address.as_str() && store.param("base64-ssh-public-host-key").is_some()
        });
    if pinned || in_url {
        return None;
    }
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("`{client}` does not know the host key of `{cache}` beforehand");
    let name = match port {
        22 => address.to_string(),
        port => format!("[{address}]:{port}"),
    };
    let key = link.server.host_key.as_ref();
    let key = key.map_or_else(|| "ssh-ed25519 AAAA…".to_owned(), ToString::to_string);
    let help = format!("add `programs.ssh.knownHosts.\"{name}\".publicKey = \"{key}\";`");
    Some(gap(link, message, "ssh asks nobody here, and fails").help(help))
}
