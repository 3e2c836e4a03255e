//! A client reads from a cache whose signing key it does not trust.
//!
//! ## Why is this bad
//! It asks the cache for every path, and then ignores the answer: `warning:
//! ignoring substitute for '…', as it's not signed by any of the keys in
//! 'trusted-public-keys'`.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = [ "ssh://nix-ssh@kalaw" ];
//! nix.settings.trusted-public-keys = [ ];    # kalaw-1:… is missing
//! ```
//!
//! ## What to do
//! Add the key to `nix.settings.trusted-public-keys`, with its name, exactly as
//! `larder keys list` shows it.

use crate::diagnostic::Severity;
use crate::fleet::{Link, SigningKey};
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::{EvaluatedLink, List};
use crate::lint::hand_wiring::gap;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::Machine;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    let machine = link.machine().filter(|_| link.is_adopted());
    let Some(trusted) = machine.map(Machine::trusted_keys) else {
        return Vec::new();
    };
    if trusted.iter().any(|word| is_trusted(link, &word.text)) {
        return Vec::new();
    }
    let renamed = trusted.iter().find(|word| is_renamed(link, &word.text));
    let violation = match renamed {
        Some(word) => Violation::new(Subject::link(link), message(link))
            .at_spot(&word.spot, "the right key under a wrong name")
            .help(format!("write `{}`", wanted(link))),
        None => gap(
            link,
            message(link),
            "what is not signed by a trusted key is ignored",
        )
        .help(line(link)),
    };
    vec![violation]
}

/// Where larder wires the cache, `substituters-overridden` says that the key is lost.
fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    if !link.is_adopted() || link.trusts_signatures() {
        return Verdict::decided(None);
    }
    let trusted = link.settings.words(List::TrustedKeys);
    let renamed = trusted.iter().find(|key| is_renamed(link, key));
    let help = match renamed {
        Some(other) => format!("it has it under another name: `{other}`"),
        None => line(link),
    };
    Verdict::decided([link.violation(message(link)).help(help)])
}

fn message(link: &Link<'_>) -> String {
    let (client, cache) = (&link.client.name, &link.cache.host);
    format!("`{client}` does not trust the signing key of `{cache}`")
}

fn line(link: &Link<'_>) -> String {
    let wanted = wanted(link);
    format!("add `nix.settings.trusted-public-keys = [ \"{wanted}\" ];`")
}

fn wanted(link: &Link<'_>) -> String {
    match &link.cache.signing_key {
        SigningKey::Known(key) => key.to_string(),
        SigningKey::Pending => format!("{}-1:…=", link.cache.host),
    }
}

fn is_trusted(link: &Link<'_>, text: &str) -> bool {
    match &link.cache.signing_key {
        SigningKey::Known(key) => text == key.to_string(),
        // Which key it is nobody has said: one that bears the cache's name will do.
        SigningKey::Pending => text.contains(link.cache.host.as_str()),
    }
}

/// Nix looks the key of a signature up by its name, so the name counts as well.
fn is_renamed(link: &Link<'_>, text: &str) -> bool {
    let bytes = |key: &str| key.split_once(':').map(|(_, bytes)| bytes.to_owned());
    let wanted = bytes(&wanted(link));
    wanted.is_some() && bytes(text) == wanted
}
