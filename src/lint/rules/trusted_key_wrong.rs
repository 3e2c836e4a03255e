//! An entry of `trusted-public-keys` that is no key, or not the one it names.
//!
//! ## Why is this bad
//! Nix compares the name and the bytes of a signature's key. An entry without a
//! name makes Nix itself fail (`key is corrupt`); one with another cache's bytes
//! trusts nobody, and everything is built again.
//!
//! ## Example
//! ```nix
//! nix.settings.trusted-public-keys = [ "6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=" ];
//! ```
//!
//! ## What to do
//! Write `NAME:BASE64` as the cache's page or `larder keys list` shows it.

use crate::diagnostic::Severity;
use crate::key::{KeyError, SigningPublicKey};
use crate::lint::check::StaticCheck;
use crate::lint::context::FileContext;
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;
use crate::survey::{HOLE, Word};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::File(wrong_keys)],
    evaluated_half: &[],
};

/// The name and key that Nix itself trusts by default (`globals.hh`).
const PUBLIC: (&str, &str) = (
    "cache.nixos.org-1",
    "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=",
);

fn wrong_keys(file: &FileContext<'_>) -> Vec<Violation> {
    let words = file.machine.trusted_keys().into_iter();
    let known = words.filter(|word| !word.text.contains(HOLE));
    known.filter_map(|word| violation(file, &word)).collect()
}

fn violation(file: &FileContext<'_>, word: &Word) -> Option<Violation> {
    let (message, help) = wrong(&word.text)?;
    let violation = Violation::new(file.subject().part(&word.text), message)
        .at_spot(&word.spot, "")
        .help(help);
    Some(violation)
}

fn wrong(text: &str) -> Option<(String, String)> {
    // Nix reads base64 without its padding as well.
    let padded = format!("{text}=");
    let read = text
        .parse()
        .or_else(|why| padded.parse::<SigningPublicKey>().map_err(|_| why));
    match read {
        Err::<_, KeyError>(why) => Some((
            format!("this is no trusted key: {why}"),
            "write `NAME:BASE64`".to_owned(),
        )),
        Ok(key) if key.name() == PUBLIC.0 && key.to_string() != PUBLIC.1 => Some((
            format!("this is not the key of `{}`", PUBLIC.0),
            format!("write `{}`", PUBLIC.1),
        )),
        Ok(_) => None,
    }
}
