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

use crate::diagnostic::Severity;
use crate::fleet::Identity;
use crate::lint::check::StaticCheck;
use crate::lint::context::LinkContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Link(public)],
    evaluated_half: &[],
};

fn public(link: &LinkContext<'_>) -> Vec<Violation> {
    let Identity::File { path, .. } = link.identity else {
        return Vec::new();
    };
    let path = path.written_path();
    let Some(stem) = path.and_then(|path| path.strip_suffix(".pub")) else {
        return Vec::new();
    };
    let stem = stem.strip_suffix("-cert").unwrap_or(stem);
    let (client, cache) = (link.client.name.as_str(), link.cache.host.as_str());
    let keys: &[&str] = match link.client.identity {
        Some(_) => &["hosts", client, "identity"],
        None => &["caches", cache, "identity"],
    };
    let message = format!("`{client}` cannot log in with a public key");
    let note = "the private key's file is needed";
    let violation = Violation::new(Subject::link(link), message)
        .at_key(link.context.fleet, keys, &link.cache.range, note)
        .help(format!("write `file = \"{stem}\"`"));
    vec![violation]
}
