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
    keyword: "batchmode",
    text: "BatchMode yes",
};

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    LINE.missing_in_files(link, &message(link))
}

fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    LINE.missing_in_effect(link, &message(link))
}

fn message(link: &Link<'_>) -> String {
    let (client, cache) = (&link.client.name, &link.cache.host);
    format!("ssh may ask a question while `{client}` fetches from `{cache}`")
}
