//! The public half of the key with which a client logs in is not known yet.
//!
//! ## Why is this bad
//! The cache cannot let it in, so larder does not wire it: it builds everything
//! itself.
//!
//! ## Example
//! ```toml
//! [hosts.pai]
//! module = "configuration-pai.nix"    # no host-key
//! ```
//!
//! ## What to do
//! `larder keys set HOST 'ssh-ed25519 AAAA…'`. The key stands on the client, in
//! `/etc/ssh/ssh_host_ed25519_key.pub` or beside its dedicated key.

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::Identity;
use crate::lint::context::LinkContext;
use crate::lint::finding::warning;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Link(check);

fn check(link: &LinkContext<'_>) -> Vec<Diagnostic> {
    let identity = link.identity;
    if link.is_adopted() || identity.public_key(link.client).is_some() {
        return Vec::new();
    }
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message =
        format!("`{client}` is not wired to `{cache}` yet: the key it logs in with is not known");
    let (file, flag) = match identity {
        Identity::HostKey => ("/etc/ssh/ssh_host_ed25519_key".to_owned(), ""),
        Identity::File { path, .. } => (path.to_string(), " --identity"),
    };
    let finding = warning(message)
        .help(format!(
            "run `larder keys set {client}{flag} KEY` with `{file}.pub` of `{client}`"
        ))
        .about(link.subject());
    vec![link.context.at_host(finding, link.client)]
}
