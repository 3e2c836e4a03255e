//! The client cannot look up the name of the cache.
//!
//! ## What it looks like
//! `error: failed to start SSH connection`, as for eight other causes. ssh itself says
//! `Could not resolve hostname`.
//!
//! ## What to do
//! `getent hosts NAME` on the client shows what it finds. Give the cache an address that
//! works from there: `address = "…"` at the host in `larder.toml`, or at the link of this
//! client; or fix the name server.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Name,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let client = evidence.client;
    let (greeting, address) = evidence.greeting()?;
    let line = greeting.name_unknown()?;
    Some(
        Symptom::new(format!("`{}` cannot look up the name `{address}`", client.name))
            .seen(&client.name, line)
            .cure(format!("getent hosts {address}    # on {}", client.name))
            .cure("give the cache an address that this client can look up"),
    )
}
