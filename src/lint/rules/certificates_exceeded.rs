//! A client offers more ssh certificates than the cache's sshd looks at.
//!
//! ## Why is this bad
//! ssh offers every certificate of the blocks that are for a host before any plain key, and
//! no block can take back what another adds. sshd ends a login after six tries
//! (`MaxAuthTries`), before it has seen the key that it would let in.
//!
//! ## Example
//! ```nix
//! programs.ssh.extraConfig = ''
//!   Host *
//!     CertificateFile /etc/ssh/a-cert.pub    # and five more
//! '';
//! ```
//!
//! ## What to do
//! Write them into blocks for the hosts that ask for them. Or leave out the login of the
//! cache: `Match host * !user nix-ssh`.

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
    severity: Severity::Warning,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

/// sshd's default for `MaxAuthTries`, one of which is for the key.
const CERTIFICATES: usize = 5;

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    let Some(machine) = link.machine() else {
        return Vec::new();
    };
    let blocks = blocks(link, machine);
    let lines = blocks.iter().flat_map(|one| {
        let directives = one.block.directives.iter();
        let certificates = directives.filter(|line| line.keyword == "certificatefile");
        certificates.map(move |line| (one, line))
    });
    let first_too_many = lines.skip(CERTIFICATES).take(1);
    let violation = first_too_many.map(|(block, line)| {
        Violation::new(Subject::link(link), message(link))
            .at_spot(&block.spot(line.line), "too many")
            .help(help())
    });
    violation.collect()
}

fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    let are_too_many = link.ssh.certificates() > CERTIFICATES;
    Verdict::decided(are_too_many.then(|| link.violation(message(link)).help(help())))
}

fn message(link: &Link<'_>) -> String {
    let (client, cache) = (&link.client.name, &link.cache.host);
    format!(
        "`{client}` offers more than {CERTIFICATES} certificates to the cache `{cache}` before its key"
    )
}

fn help() -> String {
    format!("leave out the login of the cache: a block with `Match host … !user {SSH_USER}`")
}
