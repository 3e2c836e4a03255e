//! The client waits for ever: its Nix cannot use several connections to a store over ssh.
//!
//! ## What it looks like
//! Builds stand still at `querying info about missing paths`. `max-connections` in the URL
//! is above 1, and Nix is older than 2.32 (NixOS/nix#13902).
//!
//! ## What to do
//! Take `max-connections` out of the URL, or use a newer Nix. What larder writes asks the
//! version.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Command,
    check,
};

/// How `timeout` ends when the time is over: the command went, or had to be killed.
const TIMED_OUT: [i32; 2] = [124, 137];

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, route) = (evidence.client, evidence.route?);
    let connections = route.store.param("max-connections")?.parse::<u32>().ok()?;
    let status = evidence.attempt?.failure()?.status?;
    (connections > 1 && TIMED_OUT.contains(&status)).then(|| {
        Symptom::new(format!("Nix on `{}` hangs with several connections to a cache", client.name))
            .seen(&client.name, route.url.clone())
            .maybe_seen(&client.name, client.nix.clone())
            .cure("take `max-connections` out of the URL, or use Nix 2.32 or newer")
    })
}
