//! The client does not know the cache's SSH host key, and so does not talk to it.
//!
//! ## What it looks like
//! `error: failed to start SSH connection`; in the daemon's journal `No ED25519 host key is
//! known for … and you have requested strict checking` and `Host key verification failed`.
//!
//! ## What to do
//! Bring the host key into the inventory, `larder keys set CACHE KEY`, and switch the
//! client; by hand, `programs.ssh.knownHosts.NAME.publicKey`. Compare the fingerprint with
//! `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` on the cache itself.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::HostKey,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, route) = (evidence.client, evidence.route?);
    let shown = route.greeting.host_key()?;
    if !route.pins.is_empty() || route.is_known_otherwise {
        return None;
    }
    let name = route.pinned_name();
    let cache = evidence.cache_name();
    let symptom = Symptom::new(format!("`{}` does not know the host key of `{cache}`", client.name))
        .seen(&client.name, format!("no entry for `{name}` in its known hosts"))
        .seen(&client.name, format!("{cache} shows {shown}"));
    Some(match evidence.expected {
        Some(_) => symptom
            .cure(format!("larder keys set {cache} 'ssh-ed25519 …'"))
            .cure(evidence.switch()),
        None => symptom.cure(format!(
            "programs.ssh.knownHosts.\"{name}\".publicKey = \"ssh-ed25519 …\";    # with the fingerprint compared on the cache"
        )),
    })
}
