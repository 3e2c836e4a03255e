//! The client fetches nothing from any cache.
//!
//! ## What it looks like
//! Everything is built, and no cache is asked: `nix config show substitute` says `false`.
//!
//! ## What to do
//! Take `nix.settings.substitute = false;` away, and switch the client.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Settings,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let client = evidence.client;
    client.settings.is_off("substitute").then(|| {
        Symptom::new(format!("`{}` fetches nothing from any cache", client.name))
            .seen(&client.name, client.settings.line("substitute"))
            .cure("take `nix.settings.substitute = false;` away, and switch")
    })
}
