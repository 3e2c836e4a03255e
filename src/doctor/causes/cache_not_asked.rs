//! The inventory has the client, and its Nix does not ask the cache.
//!
//! ## What it looks like
//! Builds run as if there were no cache. `substituters` in `nix config show` lacks its URL:
//! the client was not switched since it became one, or another definition of
//! `nix.settings.substituters` overrides the list.
//!
//! ## What to do
//! Switch the client. Where that changes nothing, `larder lint` names the definition that
//! overrides it.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Settings,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let expected = evidence.expected?;
    if evidence.route.is_some() || evidence.web.is_some() {
        return None;
    }
    let client = evidence.client;
    let message = format!("Nix on `{}` does not ask `{}`", client.name, expected.cache);
    Some(
        Symptom::new(message)
            .seen(&client.name, client.settings.line("substituters"))
            .seen("larder.toml", format!("`{}` is at `{}`", expected.cache, expected.address))
            .cure(evidence.switch()),
    )
}
