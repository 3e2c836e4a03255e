//! The client had the path before: nothing was fetched, and nothing is proven.
//!
//! ## What it looks like
//! It succeeds at once, without a line `copying path`.
//!
//! ## What to do
//! Name a path that the client does not have; without a path, `larder doctor` has one built
//! on the cache.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Control,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let attempt = evidence.attempt?;
    attempt.success()?;
    attempt.was_there.then(|| {
        let client = &evidence.client.name;
        Symptom::new(format!("`{client}` had the path before: fetching it proves nothing"))
            .seen(client, "nix-store --check-validity: it is there")
            .cure("name a path that it does not have, or none")
    })
}
