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
//! `larder keys` shows it.

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::SigningKey;
use crate::lint::context::LinkContext;
use crate::lint::finding::{at, gap, warning};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Link(check);

fn check(link: &LinkContext<'_>) -> Vec<Diagnostic> {
    if !link.is_adopted() {
        return Vec::new();
    }
    by_hand(link).into_iter().collect()
}

fn by_hand(link: &LinkContext<'_>) -> Option<Diagnostic> {
    let trusted = link.machine()?.trusted_keys();
    if trusted.iter().any(|word| is_it(link, &word.text)) {
        return None;
    }
    let (client, cache) = (&link.client.name, &link.cache.host);
    let wanted = match &link.cache.signing_key {
        SigningKey::Known(key) => key.to_string(),
        SigningKey::Pending => format!("{cache}-1:…="),
    };
    let message = format!("`{client}` does not trust the signing key of `{cache}`");
    if let Some(word) = trusted
        .iter()
        .find(|word| has_bytes_of(&wanted, &word.text))
    {
        let finding = warning(message).about(link.subject());
        let finding = at(finding, &word.spot, "the right key under a wrong name");
        return Some(finding.help(format!("write `{wanted}`")));
    }
    let help = format!("add `nix.settings.trusted-public-keys = [ \"{wanted}\" ];`");
    Some(
        gap(
            link,
            message,
            "what is not signed by a trusted key is ignored",
        )
        .help(help),
    )
}

fn is_it(link: &LinkContext<'_>, text: &str) -> bool {
    match &link.cache.signing_key {
        SigningKey::Known(key) => text == key.to_string(),
        // Which key it is nobody has said: one that bears the cache's name will do.
        SigningKey::Pending => text.contains(link.cache.host.as_str()),
    }
}

/// Nix looks a signature's key up by its name, so the name counts as well.
fn has_bytes_of(wanted: &str, text: &str) -> bool {
    let bytes = |key: &str| key.split_once(':').map(|(_, bytes)| bytes.to_owned());
    bytes(wanted).is_some_and(|wanted| bytes(text) == Some(wanted))
}
