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
//! Write `NAME:BASE64` as the cache's page or `larder keys` shows it.

use crate::diagnostic::{Diagnostic, Severity};
use crate::key::{KeyError, SigningPublicKey};
use crate::lint::context::NixContext;
use crate::lint::finding::{at, error};
use crate::lint::rule::Check;
use crate::survey::{HOLE, Word};

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Nix(check);

/// The name and key that Nix itself trusts by default (`globals.hh`).
const PUBLIC: (&str, &str) = (
    "cache.nixos.org-1",
    "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=",
);

fn check(nix: &NixContext<'_>) -> Vec<Diagnostic> {
    let words = nix.machine.trusted_keys().into_iter();
    let known = words.filter(|word| !word.text.contains(HOLE));
    known.filter_map(|word| finding(nix, &word)).collect()
}

fn finding(nix: &NixContext<'_>, word: &Word) -> Option<Diagnostic> {
    let (message, help) = wrong(&word.text)?;
    let finding = error(message)
        .help(help)
        .about(format!("{} {}", nix.source.path, word.text));
    Some(at(finding, &word.spot, ""))
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
