//! The cache does not have the path.
//!
//! ## What it looks like
//! `don't know how to build these paths`, or it is built: nothing is wrong with the link.
//! It was never built on the cache, it was collected there, or the client's path is another
//! one: another nixpkgs, another system, an overlay.
//!
//! ## What to do
//! Build it on the cache, or `nix copy --to ssh://…` as somebody who may write there. Compare
//! the `.drv` paths of both machines if it should be the same.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Path,
    check,
};

const WORDS: [&str; 2] = ["don't know how to build", "no substituter that can build it"];

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let client = evidence.client;
    let cache = evidence.cache_name();
    let symptom = Symptom::new(format!("`{cache}` does not have this path"))
        .cure(format!("build it on {cache}, or ask for a path that was built there"));
    if let Some(host) = evidence.host() {
        let invalid = host.valid.as_ref().filter(|answer| !answer.is_success() && host.info.is_none())?;
        // A daemon that is down says nothing about paths.
        let line = invalid.error_with(&["is not valid"])?;
        return Some(symptom.seen(&host.name, line));
    }
    let attempt = evidence.attempt?;
    let said = attempt.failure()?.error_with(&WORDS)?;
    if evidence.says_unsigned_line().is_some() || evidence.link_fails().is_some() {
        return None;
    }
    let symptom = symptom.seen(&client.name, said);
    match (&attempt.direct, attempt.direct_info()) {
        (_, Some(_)) => None,
        (Some(_), None) => Some(symptom.seen(&client.name, "nix path-info --store: the cache does not have it")),
        (None, None) => Some(symptom.told_by("nix-store --check-validity PATH    # on the cache")),
    }
}
