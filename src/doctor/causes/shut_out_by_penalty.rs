//! The cache's sshd drops every connection from the client's address for a while.
//!
//! ## What it looks like
//! `Connection closed` or `Connection reset` before the sshd has said anything, also for
//! you and as root. OpenSSH 9.8 and newer shuts an address out for 15 seconds and more
//! after failed logins (`PerSourcePenalties`), and Nix tries each path three times.
//!
//! ## What to do
//! Wait a minute, try nothing meanwhile, and cure what made the logins fail. On the cache,
//! `services.openssh.settings.PerSourcePenaltyExemptList = "NETWORK";` exempts a network.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Greeting,
    check,
};

/// In the journal of the cache's sshd.
const PENALTY: &str = "penalty: ";
const TOLD_BY: &str = "journalctl -u sshd --since -5min | grep 'drop connection'    # on the cache";

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, route) = (evidence.client, evidence.route?);
    let line = evidence.dropped()?;
    let logged = evidence.logged_drop();
    if route.greeting.full().is_some() || logged.is_some_and(|(_, it)| !it.contains(PENALTY)) {
        return None;
    }
    let message = format!(
        "the sshd of `{}` drops connections from `{}` for a while, after failed logins",
        evidence.cache_name(),
        client.name
    );
    let symptom = Symptom::new(message)
        .seen(&client.name, line)
        .cure("wait a minute, and try nothing meanwhile")
        .cure("then cure what made the logins fail: `larder doctor` names it");
    Some(match logged {
        Some((host, logged)) => symptom.seen(host, logged),
        None => symptom.told_by(TOLD_BY),
    })
}
