//! A client drops the cache, or its key, by `mkForce`.
//!
//! ## Why is this bad
//! `mkForce` on a list keeps that list alone: what other modules add, larder's
//! among them, is lost without a word.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = lib.mkForce [ "https://mirror.example.org" ];
//! ```
//!
//! ## What to do
//! Take `mkForce` away, or add the cache's URL and key to the list.

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::SigningKey;
use crate::lint::context::LinkContext;
use crate::lint::finding::{at, error};
use crate::lint::rule::Check;
use crate::survey::{Spot, StoreUrl, Strength};

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Link(check);

fn check(link: &LinkContext<'_>) -> Vec<Diagnostic> {
    let lists = ["substituters", "trusted-public-keys"].into_iter();
    lists.filter_map(|name| lost(link, name)).collect()
}

fn lost(link: &LinkContext<'_>, name: &str) -> Option<Diagnostic> {
    let spot = replacing(link, name)?;
    let (client, cache) = (&link.client.name, &link.cache.host);
    let what = if name == "substituters" {
        "the cache"
    } else {
        "the key of"
    };
    let finding = error(format!("`{client}` loses {what} `{cache}` here"))
        .help("take `mkForce` away, or add what is missing to this list")
        .about(format!("{} {name}", link.subject()));
    Some(at(finding, &spot, "nothing but this list counts"))
}

/// The definition that wins over all others and lacks what is ours.
fn replacing(link: &LinkContext<'_>, name: &str) -> Option<Spot> {
    let machine = link.machine()?;
    let option = format!("nix.settings.{name}");
    let forced = machine
        .all(&option)
        .into_iter()
        .find(|hit| hit.strength == Strength::Force)?;
    if forced.conditional || machine.is_hidden(&option) {
        return None;
    }
    let words = machine.words(&option).into_iter();
    let mut kept = words.filter(|word| word.strength == Strength::Force);
    (!kept.any(|word| is_ours(link, &word.text))).then_some(forced.spot)
}

fn is_ours(link: &LinkContext<'_>, text: &str) -> bool {
    let is_url =
        StoreUrl::parse(text).is_some_and(|store| store.host == link.address.as_str());
    let is_key = match &link.cache.signing_key {
        SigningKey::Known(key) => text == key.to_string(),
        SigningKey::Pending => text.contains(link.cache.host.as_str()),
    };
    is_url || is_key
}
