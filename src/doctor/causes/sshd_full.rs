//! The cache's sshd has as many unfinished logins as it takes.
//!
//! ## What it looks like
//! `Connection closed` or `Connection reset` before the sshd has said anything, now and
//! then. Its journal says `past MaxStartups`.
//!
//! ## What to do
//! Find out who opens so many connections; `services.openssh.settings.MaxStartups` on the
//! cache raises the limit.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Greeting,
    check,
};

const TOLD_BY: &str = "journalctl -u sshd --since -5min | grep 'drop connection'    # on the cache";

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, route) = (evidence.client, evidence.route?);
    let line = evidence.dropped()?;
    let logged = evidence.logged_drop();
    if logged.is_some_and(|(_, it)| !it.contains("MaxStartups")) {
        return None;
    }
    let message = format!(
        "the sshd of `{}` has too many unfinished logins to take another",
        evidence.cache_name()
    );
    let symptom = Symptom::new(message)
        .seen(&client.name, route.greeting.full().unwrap_or(line))
        .cure("raise `services.openssh.settings.MaxStartups` on the cache, and see who connects");
    Some(match logged {
        Some((host, logged)) => symptom.seen(host, logged),
        None if route.greeting.full().is_some() => symptom,
        None => symptom.told_by(TOLD_BY),
    })
}
