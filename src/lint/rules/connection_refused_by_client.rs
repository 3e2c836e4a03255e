//! A client's own ssh configuration refuses to connect to a cache.
//!
//! ## Why is this bad
//! ssh ends where it reads a `RefuseConnection` that is for the host (OpenSSH 10.1 and
//! later). This is the one keyword that a block before cannot answer, so larder's own does
//! not help: everything is built, or fetched from elsewhere.
//!
//! ## Example
//! ```nix
//! programs.ssh.extraConfig = ''
//!   Host *.fritz.box
//!     RefuseConnection "only by the VPN"
//! '';
//! ```
//!
//! ## What to do
//! Leave out the login of the cache: `Match host *.fritz.box !user nix-ssh`.

use crate::diagnostic::Severity;
use crate::fleet::{Link, SSH_USER};
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::rule::Definition;
use crate::lint::ssh_lines::blocks;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

const KEYWORD: &str = "refuseconnection";

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    let Some(machine) = link.machine() else {
        return Vec::new();
    };
    let blocks = blocks(link, machine);
    let found = blocks
        .iter()
        .find_map(|one| Some((one, one.block.first(KEYWORD)?)));
    let violation = found.map(|(block, line)| {
        Violation::new(Subject::link(link), message(link))
            .at_spot(&block.spot(line.line), "ssh ends here")
            .help(help())
    });
    violation.into_iter().collect()
}

fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    if link.ssh.is_open(KEYWORD) {
        return Verdict::Open;
    }
    let refused = link.ssh.value(KEYWORD);
    Verdict::decided(refused.map(|_| link.violation(message(link)).help(help())))
}

fn message(link: &Link<'_>) -> String {
    let (client, cache) = (&link.client.name, &link.cache.host);
    format!("ssh on `{client}` refuses to connect to the cache `{cache}`: `RefuseConnection`")
}

fn help() -> String {
    format!("leave out the login of the cache: a block with `Match host … !user {SSH_USER}`")
}
