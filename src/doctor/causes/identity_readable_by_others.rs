//! ssh does not use a private key that others can read.
//!
//! ## What it looks like
//! `error: failed to start SSH connection`; in the daemon's journal `UNPROTECTED PRIVATE
//! KEY FILE!` and `bad permissions`.
//!
//! ## What to do
//! `chmod 600` the file; where agenix or sops puts it, set `mode = "0400";` there.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::identity_file::IdentityFile;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Identity,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, route) = (evidence.client, evidence.route?);
    let there = route.identities.iter().filter(|file| file.is_there());
    let there: Vec<&IdentityFile> = there.collect();
    let file = there.first()?;
    if !there.iter().all(|file| file.is_open_to_others()) {
        return None;
    }
    let mode = file.mode.unwrap_or_default();
    let message = format!("others can read the key with which `{}` logs in", client.name);
    Some(
        Symptom::new(message)
            .seen(&client.name, format!("{} has mode {mode:04o}", file.path))
            .cure(format!("sudo chmod 600 {}    # on {}", file.path, client.name)),
    )
}
