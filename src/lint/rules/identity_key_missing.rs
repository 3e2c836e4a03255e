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
//! `larder keys set HOST 'ssh-ed25519 AAAA…'`. The key is on the client, in
//! `/etc/ssh/ssh_host_ed25519_key.pub` or beside its dedicated key.

use std::fmt::Display;

use crate::diagnostic::Severity;
use crate::fleet::{HOST_KEY_FILE, Identity};
use crate::lint::check::StaticCheck;
use crate::lint::context::LinkContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Link(not_wired)],
    evaluated_half: &[],
};

fn not_wired(link: &LinkContext<'_>) -> Vec<Violation> {
    if link.is_adopted() || link.identity_key().is_some() {
        return Vec::new();
    }
    let (client, cache) = (&link.client.name, &link.cache.host);
    let why = match link.identity {
        Identity::HostKey => link.client.why_no_identity(),
        Identity::File { .. } => None,
    };
    let (file, flag) = match link.identity {
        Identity::HostKey if why.is_some() => (public_half(HOST_KEY_FILE), " --replace"),
        Identity::HostKey => (public_half(HOST_KEY_FILE), ""),
        Identity::File { path, .. } => match path.managed() {
            None => (public_half(path), " --identity"),
            Some(secret) => (format!("the public half of `{secret}`"), " --identity"),
        },
    };
    let why = why.unwrap_or_else(|| "the key it logs in with is not known".to_owned());
    let message = format!("`{client}` is not wired to `{cache}` yet: {why}");
    let violation = Violation::new(Subject::link(link), message)
        .at_host(link.context.fleet, link.client)
        .help(format!(
            "run `larder keys set {client}{flag} KEY` with {file} of `{client}`"
        ));
    vec![violation]
}

fn public_half(file: impl Display) -> String {
    format!("`{file}.pub`")
}
