//! A client speaks another protocol than its cache.
//!
//! ## Why is this bad
//! `ssh://` needs `nix.sshServe.protocol = "ssh"`, and `ssh-ng://` needs
//! `"ssh-ng"`: the server runs one fixed command, and the other protocol fails for
//! every path.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = [ "ssh-ng://nix-ssh@kalaw" ];
//! # on kalaw: nix.sshServe.protocol = "ssh";
//! ```
//!
//! ## What to do
//! Make both the same. `ssh` is the read-only choice.

use crate::diagnostic::Severity;
use crate::fleet::Link;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::hand_wiring::substituter;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    if !link.is_adopted() {
        return Vec::new();
    }
    by_hand(link).into_iter().collect()
}

fn by_hand(link: &LinkContext<'_>) -> Option<Violation> {
    let one = substituter(link, link.machine()?)?;
    let spoken = one.store?.scheme;
    let mut hits = link
        .server_machine()?
        .all("nix.sshServe.protocol")
        .into_iter();
    let written = hits.find_map(|hit| Some((hit.value.text()?.to_owned(), hit.spot)));
    // The option's default.
    let served = written.as_ref().map_or("ssh", |(protocol, _)| protocol);
    if spoken == served {
        return None;
    }
    let violation = Violation::new(Subject::link(link), message(link, &spoken, served))
        .at_spot(&one.word.spot, "")
        .help(help(served));
    Some(match &written {
        Some((_, spot)) => violation.at_spot(spot, "served here"),
        None => violation,
    })
}

/// Without the server's settings, what the inventory says of it counts.
fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    let Some(said) = link.cache.engine.ssh_protocol() else {
        return Verdict::decided(None);
    };
    let served = link.server_settings.map(|server| &*server.serve.protocol);
    let is_known = served.is_some();
    let served = served.unwrap_or(said);
    let other = link.store.as_ref().filter(|store| store.scheme != served);
    match other {
        Some(store) => {
            let violation = link.violation(message(link, &store.scheme, served));
            Verdict::decided([violation.help(help(served))])
        }
        None if is_known => Verdict::decided(None),
        None => Verdict::Open,
    }
}

fn message(link: &Link<'_>, spoken: &str, served: &str) -> String {
    let (client, cache) = (&link.client.name, &link.cache.host);
    format!("`{client}` speaks `{spoken}` to `{cache}`, which serves `{served}`")
}

fn help(served: &str) -> String {
    format!("write `{served}://` in the URL")
}
