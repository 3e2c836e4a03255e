//! The machine on the way to the cache cannot be passed.
//!
//! ## What it looks like
//! `error: failed to start SSH connection`. ssh ends before the cache says anything: the
//! jump host is off, refuses the client's key, or cannot reach the cache.
//!
//! ## What to do
//! As root on the client, log in at the jump host with the client's identity, and see that
//! it reaches the cache.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Connection,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, route) = (evidence.client, evidence.route?);
    // A plain user cannot read the key with which the jump host is passed.
    if !route.is_indirect() || !client.is_root || client.remembers(route).is_some() {
        return None;
    }
    let greeting = &route.greeting;
    let line = greeting
        .closed_early()
        .or_else(|| greeting.timed_out())
        .or_else(|| greeting.refused())
        .filter(|_| greeting.greeting().is_none())?;
    let through = ["proxyjump", "proxycommand"].iter().find_map(|keyword| {
        let value = route.ssh(keyword)?;
        Some(format!("{keyword} {value}"))
    });
    Some(
        Symptom::new(format!("`{}` is not reached through its jump host", route.host()))
            .seen(&client.name, line)
            .maybe_seen(&client.name, through)
            .cure("log in at the jump host, as root on the client and with its identity"),
    )
}
