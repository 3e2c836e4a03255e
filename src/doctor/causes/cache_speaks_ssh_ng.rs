//! The client's URL is `ssh://`, and the cache serves `ssh-ng`.
//!
//! ## What it looks like
//! `cannot connect to '…'` and `protocol mismatch`, after a login that succeeded.
//!
//! ## What to do
//! `nix.sshServe.protocol = "ssh";` on the cache, which is the read-only choice.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Command,
    check,
};

/// What root sees: of Nix 2.26 and newer, and of the cache's own daemon before.
const MISMATCH: [&str; 2] = ["protocol mismatch", "unexpected EOF from daemon socket"];

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, route) = (evidence.client, evidence.route?);
    if route.store.scheme != "ssh" {
        return None;
    }
    let cache = evidence.cache_name();
    let symptom = Symptom::new(format!("`{}` asks `{cache}` by `ssh://`, and it serves `ssh-ng`", client.name))
        .seen(&client.name, route.url.clone())
        .cure(format!("nix.sshServe.protocol = \"ssh\";    # on {cache}, and switch it"));
    if let Some(host) = evidence.host() {
        let line = host.forced_command().filter(|line| line.contains("nix-daemon"))?;
        return Some(symptom.seen(&host.name, line));
    }
    if let Some(said) = evidence.says(&MISMATCH) {
        // What came instead is something else than Nix.
        return (!said.contains("got '")).then(|| symptom.seen(&client.name, said));
    }
    // To a plain user, only this is said.
    let is_before_login = evidence.says(&["failed to start SSH connection"]).is_some();
    let said = evidence
        .says(&["cannot connect to '"])
        .filter(|_| !client.is_root && !is_before_login)?;
    Some(symptom.seen(&client.name, said).told_by(evidence.ask_forced_command()))
}
