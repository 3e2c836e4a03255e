//! Nothing listens on the cache's port.
//!
//! ## What it looks like
//! `error: failed to start SSH connection`, at once. The machine is there and says that no
//! program has this port: sshd is off, or has another port.
//!
//! ## What to do
//! Of a cache that harmonia serves, the client's end of the connection does not listen:
//! `systemctl status 'larder-tunnel-*'` on the client says why.
//!
//! Else `systemctl status sshd` on the cache, and `services.openssh.ports` there. A port of its
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
    let client = evidence.client;
    let (greeting, address) = evidence.greeting()?;
    let line = greeting.refused()?;
    let Some(route) = evidence.route else {
        return Some(of_web(evidence, line, address));
    };
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

/// On the client itself, it is the end of a tunnel that does not listen.
fn of_web(evidence: &Evidence<'_>, line: &str, host: &str) -> Symptom {
    let client = &evidence.client.name;
    if host == "127.0.0.1" {
        let message = format!("nothing listens on `{client}` at `{}`", evidence.cache_name());
        return Symptom::new(message)
            .seen(client, line)
            .cure(format!("systemctl status 'larder-tunnel-*'    # on {client}: why it has no connection to the cache"));
    }
    Symptom::new(format!("`{host}` refuses connections to the port of `{}`", evidence.cache_name()))
        .seen(&evidence.client.name, line)
        .cure(format!("see that the web server runs on {host}, and that the URL has its port"))
}
