//! A client's ssh may ask a question in the middle of a build.
//!
//! ## Why is this bad
//! An unknown or changed host key, or a key with a passphrase, makes ssh ask. Run
//! by Nix it has nobody to ask: the build hangs, or the question appears on root's
//! terminal between the lines of the build.
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
//! Add `BatchMode yes` to the block.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::LinkContext;
use crate::lint::rule::Check;
use crate::lint::ssh;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Link(check);

fn check(link: &LinkContext<'_>) -> Vec<Diagnostic> {
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("ssh may ask a question while `{client}` fetches from `{cache}`");
    ssh::lacks(link, &[("batchmode", "BatchMode yes")], &message)
}
