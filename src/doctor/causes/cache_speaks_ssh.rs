//! The client's URL is `ssh-ng://`, and the cache serves `ssh`.
//!
//! ## What it looks like
//! `Nix daemon disconnected unexpectedly (maybe it crashed?)`, after a login that succeeded;
//! as for a daemon of the cache that is down, or that refuses nix-ssh.
//!
//! ## What to do
//! Use `ssh://` in the URL of the client, which is the read-only choice.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Command,
    check,
};

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, route) = (evidence.client, evidence.route?);
    if route.store.scheme != "ssh-ng" {
        return None;
    }
    let cache = evidence.cache_name();
    let symptom = Symptom::new(format!("`{}` asks `{cache}` by `ssh-ng://`, and it serves `ssh`", client.name))
        .seen(&client.name, route.url.clone())
        .cure(format!("write `ssh://` in the URL, and switch {}", client.name));
    if let Some(host) = evidence.host() {
        let line = host.forced_command().filter(|line| line.contains("nix-store"))?;
        return Some(symptom.seen(&host.name, line));
    }
    let said = evidence.ends_behind_login()?;
    Some(symptom.seen(&client.name, said).told_by(evidence.ask_forced_command()))
}
