//! A client expects another SSH host key of its cache than the inventory has.
//!
//! ## Why is this bad
//! One of the two is wrong. If it is the client's, ssh refuses the cache (`Host key
//! verification failed`, in the journal of nix-daemon only), and every build makes
//! everything itself.
//!
//! ## Example
//! ```nix
//! # a module of your own, with the key that the cache had before
//! programs.ssh.knownHosts.kalaw.publicKey = "ssh-ed25519 AAAA…";
//! ```
//!
//! ## What to do
//! Look at `/etc/ssh/ssh_host_ed25519_key.pub` on the cache. `larder keys set HOST
//! KEY` corrects the inventory; in wiring of your own, correct the known host.

use crate::diagnostic::Severity;
use crate::key::PublicKey;
use crate::lint::check::EvaluatedCheck;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::rule::Definition;
use crate::lint::violation::{Verdict, Violation};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    Verdict::decided(rival(link).map(|rival| violation(link, &rival)))
}

/// Another key that the client expects, and not the inventory's beside it.
fn rival(link: &EvaluatedLink<'_>) -> Option<PublicKey> {
    let wanted: Vec<&PublicKey> = link.server.host_keys().collect();
    let algorithm = wanted.first()?.algorithm();
    let pins = link.pins()?;
    let mut keys = pins.iter().filter_map(|pin| pin.parse::<PublicKey>().ok());
    // A key of another kind says nothing of this one.
    let rival = keys.find(|key| wanted.contains(&key) || key.algorithm() == algorithm)?;
    let is_known = wanted.contains(&&rival) || keys.any(|key| wanted.contains(&&key));
    (!is_known).then_some(rival)
}

fn violation(link: &EvaluatedLink<'_>, rival: &PublicKey) -> Violation {
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message =
        format!("`{client}` expects another host key of `{cache}` than the inventory has");
    link.violation(message)
        .help(format!("it expects `{rival}`"))
        .help(format!(
            "if that is the right one: `larder keys set {cache} '{rival}'`"
        ))
}
