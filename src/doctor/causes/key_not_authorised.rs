//! The cache does not know the key with which the client logs in.
//!
//! ## What it looks like
//! `error: failed to start SSH connection`; in the daemon's journal
//! `nix-ssh@…: Permission denied (publickey)`. The cache was not switched since the client
//! was added, or the client's key is another than the inventory has.
//!
//! ## What to do
//! Switch the cache. Where the key is another one, `larder keys set CLIENT KEY --replace`.

use crate::doctor::cache_host::CacheHost;
use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::route::Route;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Login,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, route) = (evidence.client, evidence.route?);
    let key = route.public_key()?;
    let (cache, print) = (evidence.cache_name(), key.fingerprint());
    let known = evidence.expected.map_or(&[][..], |it| &it.identities);
    let differs = known.first().filter(|_| !known.contains(key));
    let symptom = Symptom::new(format!("`{cache}` does not let `{}` in: it does not know its key", client.name))
        .seen(&client.name, format!("logs in with {print}"))
        .maybe_seen("larder.toml", differs.map(|known| format!("has {} for it", known.fingerprint())));
    let is_changing = known.len() > 1 && known.contains(key);
    let meanwhile = || format!("the key is being changed, and `{cache}` does not run the step that lets both in");
    let symptom = symptom.maybe_seen("larder.toml", is_changing.then(meanwhile));
    let symptom = match differs {
        Some(_) => symptom.cure(format!("larder keys set {} '{key}' --replace", client.name)),
        None => symptom,
    };
    let symptom = symptom.cure(format!("sudo nixos-rebuild switch --flake .#{cache}    # with {key} in nix.sshServe.keys"));
    match evidence.host().map(|host| (host, authorizes_any(host, route))) {
        Some((_, Some(true))) => None,
        Some((host, Some(false))) => {
            Some(symptom.seen(&host.name, "none of its authorized keys has that fingerprint"))
        }
        _ => {
            let symptom = symptom.seen(&client.name, evidence.denied()?);
            let user = route.user();
            Some(symptom.told_by(format!("sudo cat /etc/ssh/authorized_keys.d/{user}    # on the cache")))
        }
    }
}

/// True if one of the client's keys may log in; `None`: it is not known.
fn authorizes_any(host: &CacheHost, route: &Route) -> Option<bool> {
    let keys = route.public_keys();
    let answers: Vec<Option<bool>> =
        keys.map(|key| host.authorizes(&key.fingerprint())).collect();
    if answers.contains(&Some(true)) {
        return Some(true);
    }
    (!answers.contains(&None)).then_some(false)
}
