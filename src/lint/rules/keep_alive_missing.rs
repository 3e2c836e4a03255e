//! A client waits for ever for a cache that vanishes during a transfer.
//!
//! ## Why is this bad
//! A cache that loses power or network in the middle of a path sends no goodbye.
//! Without keep-alive messages ssh never notices, and Nix's own timeouts do not
//! help.
//!
//! ## Example
//! ```nix
//! programs.ssh.extraConfig = ''
//!   Match host kalaw.fritz.box user nix-ssh
//!     IdentityFile /etc/nixos/nix_ssh_priv_key
//! '';
//! ```
//!
//! ## What to do
//! Add `ServerAliveInterval 5` and `ServerAliveCountMax 2` to the block: it gives
//! up after about ten seconds of silence.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::LinkContext;
use crate::lint::rule::Check;
use crate::lint::ssh;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Link(check);

/// ssh's own default for `ServerAliveCountMax` is 3, which is good as well.
const LINES: &[(&str, &str)] = &[("serveraliveinterval", "ServerAliveInterval 5")];

fn check(link: &LinkContext<'_>) -> Vec<Diagnostic> {
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("`{client}` hangs when `{cache}` vanishes during a transfer");
    ssh::lacks(link, LINES, &message)
}
