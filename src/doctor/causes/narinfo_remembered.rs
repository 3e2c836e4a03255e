//! The daemon remembers an older answer of a cache over http(s).
//!
//! ## What it looks like
//! The path is on the cache, and the daemon says that it is not there, for up to an hour after
//! it has asked for it; or it refuses a signature that the cache has replaced since, for 30
//! days. Asked anew, the cache gives another answer. The memory is
//! `~root/.cache/nix/binary-cache-v*.sqlite`, and `/var/cache/nix` for newer Lix.
//!
//! ## What to do
//! Wait, or take the memory away, which costs nothing but the questions:
//! `sudo sh -c 'rm ~root/.cache/nix/binary-cache-v*.sqlite*'`.

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
    let (client, attempt) = (&evidence.client.name, evidence.attempt?);
    evidence.web?;
    let said = evidence.differs_from_fresh(&WORDS)?;
    let symptom = Symptom::new(format!("the Nix daemon of `{client}` remembers an older answer of `{}`", evidence.cache_name()))
        .seen(client, said)
        .seen(client, "asked anew, the cache has the path");
    let cure = |command: &str| format!("sudo {command}    # on {client}");
    match attempt.memory() {
        Some([]) => None,
        Some(files) => Some(symptom.seen(client, format!("the path is in {}", files.join(", "))).cure(cure(&format!("rm {}", files.join(" "))))),
        None => Some(
            symptom
                // Only root's shell can see what the pattern means there.
                .cure(cure("sh -c 'rm ~root/.cache/nix/binary-cache-v*.sqlite*'"))
                .told_by("sudo larder doctor    # on the client: root sees what the daemon remembers"),
        ),
    }
}
