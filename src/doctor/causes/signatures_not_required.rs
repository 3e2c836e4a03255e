//! The client takes any path from any cache, signed or not.
//!
//! ## What it looks like
//! It works: `require-sigs = false`. The same path was accepted without the key that signed
//! it.
//!
//! ## What to do
//! Take `nix.settings.require-sigs = false;` away, and switch the client.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Control,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let client = evidence.client;
    let untrusted = evidence.attempt.and_then(|attempt| attempt.untrusted.as_ref());
    let accepted = untrusted.filter(|answer| answer.is_success());
    let is_off = client.settings.is_off("require-sigs");
    if accepted.is_none() && !is_off {
        return None;
    }
    Some(
        Symptom::new(format!("`{}` takes paths that nobody has signed", client.name))
            .seen(&client.name, client.settings.line("require-sigs"))
            .maybe_seen(&client.name, accepted.map(|_| "the path was accepted without the key that signed it"))
            .cure("take `nix.settings.require-sigs = false;` away, and switch"),
    )
}
