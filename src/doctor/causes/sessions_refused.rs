//! The client opens more sessions in one connection than the cache's sshd takes.
//!
//! ## What it looks like
//! `Session open refused by peer`: `max-connections` in the URL is above `MaxSessions` of
//! the cache's sshd, which is 10 unless set.
//!
//! ## What to do
//! Lower `max-connections` (larder writes 8), or raise
//! `services.openssh.settings.MaxSessions` on the cache.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Command,
    check,
};

const WORDS: [&str; 2] = ["Session open refused by peer", "session open refused"];

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, route) = (evidence.client, evidence.route?);
    let said = evidence.says(&WORDS);
    let host = evidence.host();
    let most = host.and_then(|host| host.sshd("maxsessions").first()?.parse::<u32>().ok());
    let wanted: u32 = route.store.param("max-connections").and_then(|it| it.parse().ok()).unwrap_or(1);
    let is_too_many = most.is_some_and(|most| wanted > most);
    if said.is_none() && !is_too_many {
        return None;
    }
    let symptom = Symptom::new(format!(
        "`{}` opens more sessions than the sshd of `{}` takes",
        client.name,
        evidence.cache_name()
    ))
    .maybe_seen(&client.name, said)
    .seen(&client.name, route.url.clone())
    .cure("services.openssh.settings.MaxSessions = 20;    # on the cache, or a lower max-connections in the URL");
    Some(match (host, most) {
        (Some(host), Some(most)) => symptom.seen(&host.name, format!("sshd -T: maxsessions {most}")),
        _ => symptom,
    })
}
