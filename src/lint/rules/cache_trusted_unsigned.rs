//! A substituter is believed without signatures.
//!
//! ## Why is this bad
//! `?trusted=true` makes the client take any path from this store, signed or not:
//! whoever controls the cache, or answers in its place, controls the client.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = [ "ssh://nix-ssh@kalaw?trusted=true" ];
//! ```
//!
//! ## What to do
//! Take `trusted=true` out, let the cache sign, and trust its key.

use crate::diagnostic::Severity;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::FileContext;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::rule::Definition;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::{Machine, Substituter};
use crate::text::without_passwords;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::File(in_files)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

const HELP: &str = "take `trusted=true` out, let the cache sign, and trust its key";

fn in_files(file: &FileContext<'_>) -> Vec<Violation> {
    let believed = believed(file.machine);
    believed
        .map(|one| {
            let url = without_passwords(&one.word.text);
            let store = url.split('?').next().unwrap_or_default();
            let message = format!("what `{store}` sends is taken without a signature");
            Violation::new(file.subject().part(store), message)
                .at_spot(&one.word.spot, "believed whatever it sends")
                .help(HELP)
        })
        .collect()
}

/// Where a file of the client shows it, that finding is enough.
fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    let store = link.store.as_ref();
    let is_believed =
        store.is_some_and(|store| matches!(store.param("trusted"), Some("true" | "1")));
    if !is_believed || is_shown(link) {
        return Verdict::decided(None);
    }
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("what `{cache}` sends is taken without a signature on `{client}`");
    Verdict::decided([link.violation(message).help(HELP)])
}

fn is_shown(link: &EvaluatedLink<'_>) -> bool {
    let is_it = |one: Substituter| {
        let store = one.store.as_ref();
        store.is_some_and(|store| store.host == link.address.as_str())
    };
    let machine = link.machine();
    machine.is_some_and(|machine| believed(machine).any(is_it))
}

/// Stores of any kind take the parameter.
fn believed(machine: &Machine) -> impl Iterator<Item = Substituter> {
    let all = machine.substituters().into_iter();
    all.filter(|one| {
        let query = one.word.text.split_once('?').map(|(_, query)| query);
        let mut params = query.unwrap_or_default().split('&');
        params.any(|one| matches!(one, "trusted=true" | "trusted=1"))
    })
}
