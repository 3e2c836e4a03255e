//! The private key with which the client logs in is not there.
//!
//! ## What it looks like
//! `Permission denied (publickey)`, exactly as for a key that the cache does not know: ssh
//! says nothing about a file that is missing.
//!
//! ## What to do
//! Put the key where it is expected, or log in with another: `identity` in `larder.toml`.
//! A client that uses its SSH host key needs `services.openssh.enable`, or from NixOS 26.05
//! `services.openssh.generateHostKeys`.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::identity_file::{IdentityFileState, IdentityFile};
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Identity,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, route) = (evidence.client, evidence.route?);
    let is_gone = |file: &IdentityFile| matches!(file.state, IdentityFileState::Missing | IdentityFileState::Empty);
    let file = route.identities.first()?;
    if !route.identities.iter().all(is_gone) {
        return None;
    }
    let state = match file.state {
        IdentityFileState::Empty => "is empty",
        _ => "does not exist",
    };
    Some(
        Symptom::new(format!("the key with which `{}` logs in is missing", client.name))
            .seen(&client.name, format!("{} {state}", file.path))
            .cure(format!(
                "put the private key into {}, for root alone (mode 600)",
                file.path
            )),
    )
}
