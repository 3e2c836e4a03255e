//! The inventory names a public key or a certificate as a client's identity.
//!
//! ## Why is this bad
//! The identity is the private key's file: with the `.pub` file ssh cannot log in.
//!
//! ## Example
//! ```toml
//! [caches.kalaw]
//! identity = { file = "/etc/nixos/nix_ssh_priv_key.pub" }
//! ```
//!
//! ## What to do
//! Write the path without `.pub`.

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::Identity;
use crate::lint::context::LinkContext;
use crate::lint::finding::error;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Link(check);

fn check(link: &LinkContext<'_>) -> Vec<Diagnostic> {
    let Identity::File { path, .. } = link.identity else {
        return Vec::new();
    };
    let Some(stem) = path.strip_suffix(".pub") else {
        return Vec::new();
    };
    let stem = stem.strip_suffix("-cert").unwrap_or(stem);
    let (client, cache) = (link.client.name.as_str(), link.cache.host.as_str());
    let keys: &[&str] = match link.client.identity {
        Some(_) => &["hosts", client, "identity"],
        None => &["caches", cache, "identity"],
    };
    let finding = error(format!("`{client}` cannot log in with a public key"))
        .help(format!("write `file = \"{stem}\"`"))
        .about(link.subject());
    vec![link.context.in_inventory(
        finding,
        keys,
        &link.cache.range,
        "the private key's file is needed",
    )]
}
