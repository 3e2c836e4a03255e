//! Two caches of the inventory have one signing key, or two keys of one name.
//!
//! ## Why is this bad
//! Nix looks the key of a signature up by its name and keeps the first of a name: of
//! two keys with one name the second is trusted nowhere, and all that it signed is
//! built again. One key on two machines is one that must be taken from both when
//! either is lost.
//!
//! ## Example
//! ```toml
//! [caches.kalaw]
//! signing-key = "cache-1:6NCHdD59…"
//! [caches.bagan]
//! signing-key = "cache-1:Vq0C5hJk…"
//! ```
//!
//! ## What to do
//! Make a key on one of the machines whose name begins with the machine's
//! (`nix-store --generate-binary-cache-key NAME-1 SECRET PUBLIC`), and run `larder
//! keys set HOST --signing-key --replace KEY`.

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::{Cache, SigningKey};
use crate::key::SigningPublicKey;
use crate::lint::context::Context;
use crate::lint::finding::{error, warning};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Fleet(check);

type Known<'a> = (&'a Cache, &'a SigningPublicKey);

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let caches = context.fleet.caches.values();
    let known: Vec<Known<'_>> = caches
        .filter_map(|cache| match &cache.signing_key {
            SigningKey::Known(key) => Some((cache, key)),
            SigningKey::Pending => None,
        })
        .collect();
    let second = known.iter().enumerate();
    second
        .filter_map(|(number, two)| {
            let mut before = known[..number].iter();
            let one = before.find(|one| one.1.name() == two.1.name() || one.1.is_same_key(two.1))?;
            Some(finding(context, *one, *two))
        })
        .collect()
}

fn finding(context: &Context<'_>, first: Known<'_>, second: Known<'_>) -> Diagnostic {
    let (one, two) = (&first.0.host, &second.0.host);
    let finding = if first.1.is_same_key(second.1) {
        warning(format!("`{one}` and `{two}` sign with the same key"))
    } else {
        error(format!("the signing keys of `{one}` and `{two}` have the same name"))
    };
    let at = |finding, cache: &Cache, note: &str| {
        let keys = ["caches", cache.host.as_str(), "signing-key"];
        context.in_inventory(finding, &keys, &cache.range, note)
    };
    let finding = at(finding, second.0, "again here");
    at(finding, first.0, "first here")
        .help(format!(
            "make a new key on `{two}` whose name begins with `{two}`, and run `larder keys set {two} --signing-key --replace KEY`"
        ))
        .about(format!("{one} {two}"))
}
