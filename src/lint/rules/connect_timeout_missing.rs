//! A client waits for a cache that does not answer for as long as TCP does.
//!
//! ## Why is this bad
//! Nix tries an ssh store again for every path. Where packets are dropped (a
//! laptop away from home) each try takes 135 seconds with OpenSSH's defaults: a
//! build of fifty paths takes hours. Nix's own `connect-timeout` has no effect on
//! ssh.
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
//! Add `ConnectTimeout 3` to the block. Better still, let larder wire it
//! (`larder add-cache`): its connector remembers for a minute that a cache
//! is down.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::LinkContext;
use crate::lint::rule::Check;
use crate::lint::ssh;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Link(check);

fn check(link: &LinkContext<'_>) -> Vec<Diagnostic> {
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message =
        format!("`{client}` waits for minutes, path by path, while `{cache}` does not answer");
    ssh::lacks(link, &[("connecttimeout", "ConnectTimeout 3")], &message)
}
