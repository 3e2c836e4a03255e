//! The cache can be used, and the client still remembers that it could not.
//!
//! ## What it looks like
//! `error: failed to start SSH connection`, at once, though the cache answers. larder's
//! wiring notes a failure for a minute, so that a build does not wait for a cache that is
//! off again and again, and a refused login does not shut the client out. If the cause is
//! still there, that cause is named instead.
//!
//! ## What to do
//! Wait a minute, or delete the file that is named.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Memory,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, route) = (evidence.client, evidence.route?);
    let note = client.remembers(route)?;
    let message = format!(
        "`{}` remembers for {} more seconds that `{}` could not be used, and now it can",
        client.name,
        60 - note.age,
        evidence.cache_name()
    );
    let line = format!("{}, {} seconds old: {}", note.file, note.age, note.reason);
    Some(
        Symptom::new(message)
            .seen(&client.name, line.trim_end_matches([':', ' ']))
            .maybe_seen(&client.name, route.greeting.greeting())
            .cure(format!("sudo rm {}    # on {}, or wait", note.file, client.name)),
    )
}
