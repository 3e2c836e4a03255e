//! The user's own settings name a cache, and the daemon does not take that from this user.
//!
//! ## What it looks like
//! `warning: ignoring untrusted substituter '…', you are not a trusted user.`, or nothing at
//! all: root fetches from the cache, and the user builds.
//!
//! ## What to do
//! Name the cache in `nix.settings.substituters` of the machine, or in
//! `nix.settings.trusted-substituters` if only some users are to ask it, and switch. A user
//! in `trusted-users` may do anything to the machine's store.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Settings,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, url) = (evidence.client, evidence.ignored?);
    let message = format!("the Nix daemon of `{}` does not take `{url}` from this user", client.name);
    Some(
        Symptom::new(message)
            .seen(&client.name, format!("the user's own settings ask {url}"))
            .seen(&client.name, client.settings.line("trusted-users"))
            .cure(format!(
                "add \"{url}\" to `nix.settings.trusted-substituters` of `{}`, and switch",
                client.name
            )),
    )
}
