//! Nothing listens on the cache's port.
//!
//! ## What it looks like
//! `error: failed to start SSH connection`, at once. The machine is there and says that no
//! program has this port: sshd is off, or has another port.
//!
//! ## What to do
//! `systemctl status sshd` on the cache, and `services.openssh.ports` there. A port of its
//! own belongs to `port = …` at the host in `larder.toml`.

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
    let line = route.greeting.refused()?;
    if route.is_indirect() {
        return None;
    }
    let (address, port) = (route.address(), route.port());
    Some(
        Symptom::new(format!("`{address}` refuses connections to port {port}"))
            .seen(&client.name, line)
            .cure(format!("systemctl status sshd    # on {}", evidence.cache_name()))
            .cure("where sshd has another port, write `port = …` at the host in larder.toml"),
    )
}
