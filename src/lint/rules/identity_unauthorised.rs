//! A cache does not let a client in.
//!
//! ## Why is this bad
//! The login fails for every path: `error: cannot connect to 'nix-ssh@…'`, and why
//! stands only in the journals.
//!
//! ## Example
//! ```nix
//! nix.sshServe.keys = [ ];    # the key of pai is missing
//! ```
//!
//! ## What to do
//! Add the client's public key to `nix.sshServe.keys` on the cache.

use crate::diagnostic::{Diagnostic, Severity};
use crate::key::AuthorizedKey;
use crate::lint::context::LinkContext;
use crate::lint::finding::{at, warning};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Link(check);

fn check(link: &LinkContext<'_>) -> Vec<Diagnostic> {
    if !link.is_adopted() {
        return Vec::new();
    }
    refused(link).into_iter().collect()
}

fn refused(link: &LinkContext<'_>) -> Option<Diagnostic> {
    let identity = link.identity;
    let key = identity.public_key(link.client)?;
    let machine = link.context.machine(link.server)?;
    let option = "nix.sshServe.keys";
    let hits = machine.all(option);
    let listed = hits.first()?;
    let words = machine.words(option).into_iter();
    let is_in = words
        .filter_map(|word| word.text.parse::<AuthorizedKey>().ok())
        .any(|line| line.key == *key);
    if is_in || machine.is_hidden(option) {
        return None;
    }
    let (client, cache) = (&link.client.name, &link.cache.host);
    let finding = warning(format!("`{cache}` does not let `{client}` in"))
        .help(format!(
            "add `\"{key} {client}\"` to `{option}` of `{cache}`"
        ))
        .about(link.subject());
    Some(at(finding, &listed.spot, "its key is not among these"))
}
