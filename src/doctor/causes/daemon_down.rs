//! The Nix daemon of the cache does not run.
//!
//! ## What it looks like
//! `unexpected end-of-file` over `ssh://`, `Nix daemon disconnected unexpectedly` over
//! `ssh-ng://`, after a login that succeeded. On the cache itself:
//! `cannot connect to socket at '/nix/var/nix/daemon-socket/socket'`.
//!
//! ## What to do
//! `systemctl start nix-daemon.socket` on the cache, and see in its journal why it stopped.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Command,
    check,
};

const WORDS: [&str; 1] = ["cannot connect to socket"];

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let cache = evidence.cache_name();
    let symptom = Symptom::new(format!("the Nix daemon of `{cache}` does not run"))
        .cure(format!("sudo systemctl start nix-daemon.socket    # on {cache}"));
    if let Some(host) = evidence.host() {
        let answers = [host.probe.as_ref(), host.valid.as_ref()].into_iter();
        let line = answers.flatten().find_map(|answer| answer.error_with(&WORDS))?;
        return Some(symptom.seen(&host.name, line));
    }
    let client = evidence.client;
    // The forced command says it to root.
    if let Some(line) = evidence.says(&WORDS) {
        return Some(symptom.seen(&client.name, line));
    }
    let said = evidence.ends_behind_login()?;
    Some(symptom.seen(&client.name, said).told_by("systemctl status nix-daemon.socket    # on the cache"))
}
