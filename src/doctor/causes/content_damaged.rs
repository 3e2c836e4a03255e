//! The path on the cache is not what was built.
//!
//! ## What it looks like
//! `hash mismatch importing path`: the cache's disk has lost or changed bytes of it.
//!
//! ## What to do
//! `nix-store --repair-path PATH` on the cache, and look at its disk.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Path,
    check,
};

const WORDS: [&str; 3] = ["hash mismatch importing path", "was modified", "was corrupted"];

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let on_cache = evidence.host().and_then(|host| {
        let line = host.verify.as_ref()?.error_with(&WORDS)?;
        Some((host.name.as_str(), line))
    });
    let here = || Some((evidence.client.name.as_str(), evidence.says(&WORDS)?));
    let (machine, line) = on_cache.or_else(here)?;
    let cache = evidence.cache_name();
    Some(
        Symptom::new(format!("the path on `{cache}` is not what was built"))
            .seen(machine, line)
            .cure(format!("sudo nix-store --repair-path PATH    # on {cache}; and look at its disk")),
    )
}
