//! Root's ssh on the client fails, for a reason that only root can see.
//!
//! ## What it looks like
//! To a plain user everything is right: the name, the host key, the public key. And still
//! `failed to start SSH connection`. Root's own `/root/.ssh/config` may lead elsewhere, or
//! the private key does not belong to the public one, or has a passphrase.
//!
//! ## What to do
//! `sudo larder doctor` on the client names the cause.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Command,
    check,
};

const WORDS: [&str; 2] = ["failed to start SSH connection", "cannot connect to '"];

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let client = evidence.client;
    let said = evidence.says(&WORDS)?;
    let command = "sudo larder doctor    # on the client";
    (!client.is_root && evidence.denied().is_none()).then(|| {
        Symptom::new(format!("root's ssh on `{}` fails, and only root can see why", client.name))
            .seen(&client.name, said)
            .cure(command)
            .told_by(command)
    })
}
