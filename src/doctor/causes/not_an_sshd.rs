//! Something else than an sshd answers on the cache's port.
//!
//! ## What it looks like
//! `error: failed to start SSH connection`. A captive portal, a web server or a port
//! forward that leads elsewhere answers.
//!
//! ## What to do
//! Give the cache the address and the port of its sshd; in a foreign network, use a VPN.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Greeting,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, route) = (evidence.client, evidence.route?);
    let line = route.greeting.other_greeting()?;
    let (address, port) = (route.address(), route.port());
    let symptom =
        Symptom::new(format!("what answers on `{address}`, port {port}, is no sshd"))
            .seen(&client.name, line)
            .cure("give the cache the address and port of its sshd, in larder.toml");
    // Who says nothing may be an sshd on a machine that is too busy.
    Some(if line.contains("timed out") {
        symptom.told_by(format!("nc {address} {port}    # on {}: an sshd says SSH-2.0", client.name))
    } else {
        symptom
    })
}
