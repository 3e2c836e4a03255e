//! The machine that answers has another SSH host key than the pinned one.
//!
//! ## What it looks like
//! `error: failed to start SSH connection`; in the daemon's journal `REMOTE HOST
//! IDENTIFICATION HAS CHANGED!` with the advice to run `ssh-keygen -R`, which is wrong here:
//! the file of known hosts is generated.
//!
//! ## What to do
//! First find out why: the cache was installed anew, another machine has its address, or
//! somebody is in between. Only if the key is right, `larder keys set CACHE KEY --replace`
//! and switch its clients.

use crate::doctor::cache_host::CacheHost;
use crate::doctor::cause::Definition;
use crate::doctor::evidence::{Evidence, Expected};
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;
use crate::key::PublicKey;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::HostKey,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, route) = (evidence.client, evidence.route?);
    let shown = route.greeting.host_key()?;
    let is_shown = |key: &PublicKey| key.fingerprint() == shown;
    let (file, pinned) = route.pins.first()?;
    let is_known = route.pins.iter().any(|(_, key)| is_shown(key));
    if is_known || route.is_known_otherwise {
        return None;
    }
    let is_written = |it: &&Expected| it.host_keys.iter().any(|(key, _)| is_shown(key));
    let cache = evidence.cache_name();
    let pinned = format!("{file} pins {}", pinned.fingerprint());
    let symptom = Symptom::new(format!("`{cache}` answers with another host key than the pinned one"))
        .seen(&client.name, format!("{} shows {shown}", route.address()))
        .seen(&client.name, pinned)
        .maybe_seen("larder.toml", evidence.expected.and_then(in_inventory))
        .maybe_seen("larder.toml", evidence.expected.and_then(|it| owner(it, shown)))
        .maybe_seen("larder.toml", evidence.expected.filter(is_written).and_then(|it| meanwhile(it, &client.name)));
    let is_own = |host: &&CacheHost| host.host_keys.iter().any(|key| key == shown);
    let own = evidence.host().filter(is_own);
    let symptom = match own {
        Some(host) => symptom.seen(&host.name, format!("{shown} is its own key")),
        None => symptom,
    };
    Some(if evidence.expected.as_ref().is_some_and(is_written) {
        symptom.cure(evidence.switch())
    } else if own.is_some() {
        symptom
            .cure(format!("larder keys set {cache} 'ssh-ed25519 …' --replace"))
            .cure("switch the clients, by `larder status`")
    } else {
        symptom
            .cure(format!("ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub    # at {cache}: is it this key?"))
            .cure("trust no key that you have not compared there; `ssh-keygen -R` is no cure")
    })
}

fn in_inventory(expected: &Expected) -> Option<String> {
    let (_, line) = expected.host_keys.first()?;
    let keys = expected.host_keys.iter();
    let prints: Vec<String> = keys.map(|(key, _)| key.fingerprint()).collect();
    Some(format!("line {line}: host-key {}", prints.join(", ")))
}

/// While the key changes clients pin both, unless a step was taken before they were switched.
fn meanwhile(expected: &Expected, client: &str) -> Option<String> {
    let is_changing = expected.host_keys.len() > 1;
    is_changing.then(|| {
        format!("the host key is being changed, and `{client}` does not run the step that pins both")
    })
}

/// The host of the inventory that the new key belongs to.
fn owner(expected: &Expected, shown: &str) -> Option<String> {
    let mut others = expected.others.iter();
    let (name, _) = others.find(|(_, key)| key.fingerprint() == shown)?;
    Some(format!("the key that is shown is that of `{name}`"))
}
