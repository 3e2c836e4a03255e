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

const LINE: SshLine = SshLine {
    keyword: "connecttimeout",
    text: "ConnectTimeout 3",
};

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    LINE.missing_in_files(link, &message(link))
}

fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    LINE.missing_in_effect(link, &message(link))
}

fn message(link: &Link<'_>) -> String {
    let (client, cache) = (&link.client.name, &link.cache.host);
    format!("`{client}` waits for minutes, path by path, while `{cache}` does not answer")
}
