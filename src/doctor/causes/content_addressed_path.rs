//! The path is known by its content, and needs no signature: nothing is proven.
//!
//! ## What it looks like
//! It arrives, whatever the client trusts: sources and fixed outputs do.
//!
//! ## What to do
//! Name a path that was built on the cache from other paths; without a path, `larder doctor`
//! has one built there.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Control,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let info = evidence.attempt?.info.as_ref().filter(|info| info.is_content_addressed)?;
    let client = &evidence.client.name;
    Some(
        Symptom::new("the path is known by its content, and was accepted without a signature")
            .seen(client, format!("nix path-info --json: \"ca\" is set, {} signatures", info.signatures.len()))
            .cure("name a path that was built there, or none"),
    )
}
