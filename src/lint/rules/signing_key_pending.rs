//! The public half of a cache's signing key is not in the inventory yet.
//!
//! ## Why is this bad
//! Clients take nothing unsigned, so larder does not write their half before it
//! knows the key: they build everything themselves.
//!
//! ## Example
//! ```toml
//! [caches.kalaw]
//! signing-key = "pending"
//! ```
//!
//! ## What to do
//! Switch the serving host to its new configuration: it makes the key and says the
//! command that tells the fleet, `larder keys set`.

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::{Cache, SigningKey, Wiring};
use crate::lint::context::Context;
use crate::lint::finding::warning;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Fleet(check);

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let caches = context.fleet.caches.values();
    let pending = caches.filter(|cache| cache.signing_key == SigningKey::Pending);
    pending.map(|cache| finding(context, cache)).collect()
}

fn finding(context: &Context<'_>, cache: &Cache) -> Diagnostic {
    let name = &cache.host;
    let by_hand = cache.wiring == Wiring::Adopted;
    let note = if by_hand {
        "what it builds is ignored without it"
    } else {
        "its clients are not wired before it is"
    };
    let finding = warning(format!("the signing key of `{name}` is not known yet"));
    let keys = ["caches", name.as_str(), "signing-key"];
    let finding = context.in_inventory(finding, &keys, &cache.range, note);
    let finding = match public_file(cache) {
        Some(file) if !by_hand => finding.help(format!(
            "after the next switch of `{name}`, read `{file}` there"
        )),
        _ => finding,
    };
    finding
        .help(format!(
            "run `larder keys set {name} --signing-key 'NAME:BASE64'`"
        ))
        .about(name.as_str())
}

/// Where the serving host puts the public half of a key that it makes.
fn public_file(cache: &Cache) -> Option<String> {
    let file = cache.signing_key_file();
    let stem = file.strip_suffix(".secret")?;
    Some(format!("{stem}.public"))
}
