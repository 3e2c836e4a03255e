//! The path came from another cache.
//!
//! ## What it looks like
//! It arrives, from another substituter that is asked earlier: nothing is wrong, and nothing
//! is proven about this cache.
//!
//! ## What to do
//! Ask for a path that only this cache has; without a path, `larder doctor` has one built
//! there.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Fetch,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, attempt) = (evidence.client, evidence.attempt?);
    evidence.url()?;
    let line = attempt.copied()?;
    (!evidence.is_from_here(line)).then(|| {
        Symptom::new(format!("the path came from another cache than `{}`", evidence.cache_name()))
            .seen(&client.name, line)
            .seen(&client.name, client.settings.line("substituters"))
            .cure("name a path that only this cache has, or none")
    })
}
