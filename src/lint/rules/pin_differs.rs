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

use crate::diagnostic::{Diagnostic, Severity};
use crate::key::PublicKey;
use crate::lint::eval::Way;
use crate::lint::finding::error;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Way(check);

fn check(way: &Way<'_>) -> Vec<Diagnostic> {
    differs(way).into_iter().collect()
}

fn differs(way: &Way<'_>) -> Option<Diagnostic> {
    let wanted = way.server.host_key.as_ref()?;
    let pins = way.pins()?;
    let mut keys = pins.iter().filter_map(|pin| pin.parse::<PublicKey>().ok());
    // A key of another kind says nothing of this one.
    let rival = keys.find(|key| key == wanted || key.algorithm() == wanted.algorithm())?;
    let is_known = rival == *wanted || keys.any(|key| key == *wanted);
    if is_known {
        return None;
    }
    let (client, cache) = (&way.client.name, &way.cache.host);
    let finding = error(format!(
        "`{client}` expects another host key of `{cache}` than the inventory has"
    ))
    .help(format!("it expects `{rival}`"))
    .help(format!("if that is the right one: `larder keys set {cache} '{rival}'`"));
    Some(way.at_client(finding))
}
