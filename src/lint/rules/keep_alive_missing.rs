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

use crate::diagnostic::Severity;
use crate::fleet::Link;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::rule::Definition;
use crate::lint::ssh_lines::SshLine;
use crate::lint::violation::{Verdict, Violation};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

/// ssh's own default for `ServerAliveCountMax` is 3, which is good as well.
const LINE: SshLine = SshLine {
    keyword: "serveraliveinterval",
    text: "ServerAliveInterval 5",
};

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    LINE.missing_in_files(link, &message(link))
}

fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    LINE.missing_in_effect(link, &message(link))
}

fn message(link: &Link<'_>) -> String {
    let (client, cache) = (&link.client.name, &link.cache.host);
    format!("`{client}` hangs when `{cache}` vanishes during a transfer")
}
