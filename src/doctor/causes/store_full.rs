//! The client's store has no room for the path.
//!
//! ## What it looks like
//! `No space left on device`, `Read-only file system`, or `Disk quota exceeded`; an old Nix
//! says `disk I/O error`, or closes the connection.
//!
//! ## What to do
//! `sudo nix-collect-garbage` on the client, or a larger disk.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Fetch,
    check,
};

const WORDS: [&str; 4] = [
    "No space left on device",
    "Read-only file system",
    "Disk quota exceeded",
    "database or disk is full",
];

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, attempt) = (evidence.client, evidence.attempt?);
    let any = || attempt.failure()?.error_with(&["error"]).filter(|_| evidence.is_full());
    let said = attempt.says(&WORDS).or_else(any)?;
    let free = attempt.free.or(client.free);
    Some(
        Symptom::new(format!("the store of `{}` takes no more", client.name))
            .seen(&client.name, said)
            .maybe_seen(&client.name, free.map(|free| format!("df /nix/store: {free} KiB free")))
            .cure(format!("sudo nix-collect-garbage    # on {}", client.name)),
    )
}
