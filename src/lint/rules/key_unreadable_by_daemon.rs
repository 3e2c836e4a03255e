//! The Nix daemon of a client does not run as root, and cannot read the SSH host key.
//!
//! ## Why is this bad
//! The daemon starts ssh as the user of `nix.daemonUser`. Only root may read
//! `/etc/ssh/ssh_host_ed25519_key`, so every login fails, and the client builds everything
//! itself.
//!
//! ## Example
//! ```nix
//! nix.daemonUser = "nix-daemon";    # on a client with `identity = "host-key"`
//! ```
//!
//! ## What to do
//! Give the client a key of its own, which belongs to that user: `identity = { file =
//! "/etc/nix/cache_key", make = true }` in `larder.toml`.

use crate::diagnostic::Severity;
use crate::fleet::{Identity, Link};
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::rule::Definition;
use crate::lint::rules::client_sshd_off::IDENTITY;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::{Hit, Value};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    let machine = link.machine().filter(|_| !link.is_tunnelled());
    let Some(machine) = machine.filter(|_| *link.identity == Identity::HostKey) else {
        return Vec::new();
    };
    let violation = |hit: Hit| {
        Violation::new(Subject::link(link), message(link))
            .at_spot(&hit.spot, "only root may")
            .help(help(link))
    };
    let users = machine.all("nix.daemonUser").into_iter();
    users.filter(is_not_root).map(violation).take(1).collect()
}

fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    let is_host_key = *link.identity == Identity::HostKey;
    let is_unreadable = is_host_key && link.settings.nix.daemon_user != "root";
    Verdict::decided(is_unreadable.then(|| link.violation(message(link)).help(help(link))))
}

fn message(link: &Link<'_>) -> String {
    let (client, cache) = (&link.client.name, &link.cache.host);
    format!(
        "`{client}` logs in at `{cache}` with its SSH host key, and its Nix daemon may not read it"
    )
}

fn help(link: &Link<'_>) -> String {
    format!("add to `[hosts.{}]`: {IDENTITY}", link.client.name)
}

fn is_not_root(hit: &Hit) -> bool {
    match &hit.value {
        Value::Text(text) => text.whole().is_some_and(|user| user != "root"),
        _ => false,
    }
}
