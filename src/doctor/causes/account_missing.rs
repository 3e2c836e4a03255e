//! The user that clients log in as does not exist on the cache.
//!
//! ## What it looks like
//! `Permission denied (publickey)`, as for a key that the cache does not know. The cache's
//! sshd says `Invalid user nix-ssh`.
//!
//! ## What to do
//! `nix.sshServe.enable = true;` makes the user: switch the cache. Without larder, the URL
//! of the substituter may name another user.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Login,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let user = evidence.route?.user();
    let cache = evidence.cache_name();
    let symptom = Symptom::new(format!("there is no user `{user}` on `{cache}`"))
        .cure(format!("sudo nixos-rebuild switch --flake .#{cache}    # with nix.sshServe.enable = true"));
    match evidence.host() {
        Some(host) if host.account.is_some() => None,
        Some(host) => Some(
            symptom
                .seen(&host.name, format!("getent passwd {user}: nothing"))
                .maybe_seen(&host.name, host.logged(&["Invalid user"])),
        ),
        None => {
            let denied = evidence.denied()?;
            let symptom = symptom.seen(&evidence.client.name, denied);
            Some(symptom.told_by(format!("getent passwd {user}    # on the cache")))
        }
    }
}
