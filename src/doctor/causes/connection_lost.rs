//! The cache is off, or something on the way drops the packets.
//!
//! ## What it looks like
//! `error: failed to start SSH connection`, after three seconds. Nothing comes back: the
//! machine is off, its firewall drops the packets, or the client is in another network.
//!
//! ## What to do
//! Where the machine runs, `networking.firewall.allowedTCPPorts` there has to have the port
//! of sshd. A cache that is off hurts nobody: the client builds what it cannot fetch.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Connection,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let client = evidence.client;
    let (greeting, host) = evidence.greeting()?;
    let line = greeting.timed_out()?;
    let Some(route) = evidence.route else {
        return Some(of_web(evidence, line, host));
    };
    if route.is_indirect() || route.greeting.other_greeting().is_some() {
        return None;
    }
    let (address, port) = (route.address(), route.port());
    Some(
        Symptom::new(format!("no answer from `{address}`, port {port}"))
            .seen(&client.name, line)
            .cure(format!("ping {address}    # on {}: is it on?", client.name))
            .cure("open the port in the firewall of the cache, if it is on"),
    )
}

fn of_web(evidence: &Evidence<'_>, line: &str, host: &str) -> Symptom {
    let client = &evidence.client.name;
    Symptom::new(format!("no answer from `{host}`"))
        .seen(client, line)
        .cure(format!("ping {host}    # on {client}: is it on?"))
        .cure("open the port in its firewall, if it is on")
}
