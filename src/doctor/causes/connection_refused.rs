//! Nothing listens on the cache's port.
//!
//! ## What it looks like
//! `error: failed to start SSH connection`, at once. The machine is there and says that no
//! program has this port: sshd is off, or has another port.
//!
//! ## What to do
//! Of a cache that harmonia serves, the client's end of the connection does not listen. The
//! journal of the unit `larder-tunnel-NAME` on the client says why, as ssh has it: the cache is
//! away, has another host key, or does not let the client in.
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

fn of_web(evidence: &Evidence<'_>, line: &str, host: &str) -> Symptom {
    if let Some((unit, says)) = evidence.web.and_then(|web| web.tunnel.split_first()) {
        return of_tunnel(evidence, line, unit, says);
    }
    Symptom::new(format!("`{host}` refuses connections to the port of `{}`", evidence.cache_name()))
        .seen(&evidence.client.name, line)
        .cure(format!("see that the web server runs on {host}, and that the URL has its port"))
}

/// What ssh says in the journal of a tunnel, and the cure.
const OF_TUNNEL: [(&str, &str); 6] = [
    ("Permission denied (publickey", "sudo nixos-rebuild switch --flake .#CACHE    # it lets no key of this client in"),
    ("Host key verification failed", "larder keys scan CACHE    # its host key is another one than the pinned"),
    ("refuses connections", "systemctl status sshd    # on CACHE"),
    ("does not answer", "ping CACHE    # is it on?"),
    ("nobody knows the name", "getent hosts CACHE    # its `address` in larder.toml"),
    ("Address already in use", "write `tunnel-port = …` at the cache in larder.toml: another program has this port"),
];

/// On the client itself, it is the end of a tunnel that does not listen.
fn of_tunnel(evidence: &Evidence<'_>, line: &str, unit: &str, says: &[String]) -> Symptom {
    let (client, cache) = (&evidence.client.name, evidence.cache_name());
    let symptom = Symptom::new(format!("`{unit}` on `{client}` has no connection to `{cache}`"));
    let known = says.iter().rev().find_map(|line| {
        let (_, cure) = OF_TUNNEL.iter().find(|(words, _)| line.contains(words))?;
        Some((line, cure.replace("CACHE", cache)))
    });
    match known {
        Some((said, cure)) => symptom.seen(client, line).seen(client, said).cure(cure),
        None => symptom.seen(client, line).cure(format!("journalctl -u {unit}    # on {client}, as root: why")),
    }
}
