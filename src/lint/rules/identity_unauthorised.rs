//! A cache does not let a client in.
//!
//! ## Why is this bad
//! The login fails for every path: `error: cannot connect to 'nix-ssh@…'`, and the
//! reason is only in the journals.
//!
//! ## Example
//! ```nix
//! nix.sshServe.keys = [ ];    # the key of pai is missing
//! ```
//!
//! ## What to do
//! Add the client's public key to `nix.sshServe.keys` on the cache.

use crate::diagnostic::Severity;
use crate::fleet::Link;
use crate::key::{AuthorizedKey, PublicKey};
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

const OPTION: &str = "nix.sshServe.keys";

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    let machine = link.server_machine().filter(|_| link.is_adopted());
    let (Some(key), Some(machine)) = (link.identity_key(), machine) else {
        return Vec::new();
    };
    let mut words = machine.words(OPTION).into_iter();
    if machine.is_hidden(OPTION) || words.any(|word| is_line_of(&word.text, key)) {
        return Vec::new();
    }
    let lists = machine.all(OPTION);
    let violation = lists.first().map(|list| {
        Violation::new(Subject::link(link), message(link))
            .at_spot(&list.spot, "its key is not among these")
            .help(help(link, key))
    });
    violation.into_iter().collect()
}

/// Where larder wires the cache, `wiring-overridden` says that the key is lost.
fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    let Some(is_let_in) = link.is_let_in() else {
        return Verdict::Open;
    };
    let key = link
        .identity_key()
        .filter(|_| link.is_adopted() && !is_let_in);
    let violation = key.map(|key| {
        let violation = Violation::new(Subject::link(link), message(link));
        violation
            .at_cache(link.context.fleet, link.cache)
            .help(help(link, key))
    });
    Verdict::decided(violation)
}

fn is_line_of(text: &str, key: &PublicKey) -> bool {
    let line = text.parse::<AuthorizedKey>();
    line.is_ok_and(|line| line.key == *key)
}

fn message(link: &Link<'_>) -> String {
    let (client, cache) = (&link.client.name, &link.cache.host);
    format!("`{cache}` does not let `{client}` in")
}

fn help(link: &Link<'_>, key: &PublicKey) -> String {
    let (client, cache) = (&link.client.name, &link.cache.host);
    format!("add `\"{key} {client}\"` to `{OPTION}` of `{cache}`")
}
