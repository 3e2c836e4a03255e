//! The Nix daemon of the cache does not serve the user that clients log in as.
//!
//! ## What it looks like
//! `unexpected end-of-file` over `ssh://`, `Nix daemon disconnected unexpectedly` over
//! `ssh-ng://`, after a login that succeeded. `allowed-users` of the cache lacks nix-ssh.
//!
//! ## What to do
//! `nix.settings.allowed-users = [ "nix-ssh" ];` on the cache, beside what is there.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Command,
    check,
};

const WORDS: [&str; 2] = ["Connection reset by peer", "is not allowed to connect"];

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let user = evidence.route?.user();
    let cache = evidence.cache_name();
    let symptom = Symptom::new(format!("the Nix daemon of `{cache}` does not serve `{user}`"))
        .cure(format!("nix.settings.allowed-users = [ \"{user}\" ];    # beside what is there, and switch {cache}"));
    if let Some(host) = evidence.host() {
        let is_served = |list: &str| serves(&host.settings.words(list), user, &host.groups);
        let is_refused = !is_served("allowed-users") && !is_served("trusted-users");
        let is_known = !host.settings.words("allowed-users").is_empty();
        return (is_known && is_refused).then(|| symptom.seen(&host.name, host.settings.line("allowed-users")));
    }
    let client = evidence.client;
    let by_command = |line: &&str| line.contains("remote store 'daemon'") || line.contains("not allowed");
    if let Some(line) = evidence.says(&WORDS).filter(by_command) {
        return Some(symptom.seen(&client.name, line));
    }
    let said = evidence.ends_behind_login()?;
    Some(symptom.seen(&client.name, said).told_by("nix config show allowed-users    # on the cache"))
}

fn serves(list: &[&str], user: &str, groups: &[String]) -> bool {
    let is_in = |group: &str| groups.iter().any(|it| it == group);
    list.iter().any(|one| *one == "*" || *one == user || one.strip_prefix('@').is_some_and(is_in))
}
