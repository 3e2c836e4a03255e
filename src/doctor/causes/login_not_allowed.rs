//! The cache's sshd lets this user not in, whatever the key.
//!
//! ## What it looks like
//! `Permission denied (publickey)`, as for a key that the cache does not know. Its sshd
//! says `User nix-ssh from … not allowed`: `AllowUsers`, `AllowGroups`, `DenyUsers` or
//! `DenyGroups` keep it out, or it takes no keys.
//!
//! ## What to do
//! Add `nix-ssh` to `services.openssh.settings.AllowUsers` (or take it out of `DenyUsers`),
//! and switch the cache. `larder lint` finds this in the repository.

use wildmatch::WildMatch;

use crate::doctor::cache_host::CacheHost;
use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Login,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let user = evidence.route?.user();
    let cache = evidence.cache_name();
    let symptom = Symptom::new(format!("the sshd of `{cache}` does not let the user `{user}` in"))
        .cure(format!("let `{user}` in by `services.openssh.settings.AllowUsers`, and switch `{cache}`"));
    let denied = evidence.denied();
    let client = &evidence.client.name;
    let Some(host) = evidence.host() else {
        let command = format!("sudo sshd -T -C user={user} | grep -iE 'allow|deny'    # on the cache");
        return Some(symptom.seen(client, denied?).told_by(command));
    };
    let is_its = |line: &&str| line.contains(user);
    let logged = host.logged(&["not allowed because"]).filter(is_its);
    let line = why(host, user).or_else(|| denied.and(logged))?;
    Some(symptom.seen(&host.name, line).maybe_seen(client, denied))
}

/// The line of sshd's settings that keeps the user out.
fn why(host: &CacheHost, user: &str) -> Option<&'static str> {
    let groups: Vec<&str> = host.groups.iter().map(String::as_str).collect();
    let lacks = |keyword: &str, names: &[&str]| {
        let list = host.sshd(keyword);
        !list.is_empty() && !list.iter().any(|entry| is_one_of(entry, names))
    };
    let has = |keyword: &str, names: &[&str]| {
        let list = host.sshd(keyword);
        list.iter().any(|entry| !entry.contains('@') && is_one_of(entry, names))
    };
    if lacks("allowusers", &[user]) {
        return Some("sshd -T: `allowusers` does not name it");
    }
    if has("denyusers", &[user]) {
        return Some("sshd -T: `denyusers` names it");
    }
    if !groups.is_empty() && lacks("allowgroups", &groups) {
        return Some("sshd -T: `allowgroups` names none of its groups");
    }
    if has("denygroups", &groups) {
        return Some("sshd -T: `denygroups` names one of its groups");
    }
    (host.sshd("pubkeyauthentication") == ["no"]).then_some("sshd -T: pubkeyauthentication no")
}

/// `USER@HOST` is a user from some addresses.
fn is_one_of(entry: &str, names: &[&str]) -> bool {
    let pattern = entry.split('@').next().unwrap_or(entry);
    names.iter().any(|name| WildMatch::new(pattern).matches(name))
}
