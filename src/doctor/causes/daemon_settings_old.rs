//! The client's daemon still has the settings of before the switch.
//!
//! ## What it looks like
//! The cache is in `nix config show`, and the daemon does not ask it: it was started before
//! nix.conf was written. Root, who needs no daemon, fetches.
//!
//! ## What to do
//! `sudo systemctl restart nix-daemon`.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Path,
    check,
};

const WORDS: [&str; 2] = ["don't know how to build", "no substituter that can build it"];

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, attempt) = (evidence.client, evidence.attempt?);
    let failure = attempt.failure()?;
    // A daemon that copies from the cache knows it.
    let is_asked = failure.error_with(&["copying path "]).is_some();
    if is_asked || evidence.link_fails().is_some() {
        return None;
    }
    let unsigned = evidence.says_unsigned_line();
    let said = match evidence.web {
        None => unsigned.or_else(|| failure.error_with(&WORDS))?,
        Some(_) => evidence.differs_from_fresh(&WORDS)?,
    };
    let symptom = Symptom::new(format!("the Nix daemon of `{}` has older settings than nix.conf", client.name))
        .seen(&client.name, said)
        .cure(format!("sudo systemctl restart nix-daemon    # on {}", client.name));
    if evidence.web.is_some() {
        return of_web(evidence, symptom);
    }
    if unsigned.is_some() {
        let key = key_on_paper(evidence)?;
        return Some(symptom.seen(&client.name, format!("nix.conf trusts {key}, and so the path")));
    }
    let symptom = symptom.seen(&client.name, client.settings.line("substituters"));
    if attempt.direct_info().is_some() {
        return Some(symptom.seen(&client.name, "root's own Nix finds the path on the cache"));
    }
    match evidence.host() {
        Some(host) if host.info.is_some() => Some(symptom.seen(&host.name, "the path is there")),
        None if attempt.direct.is_none() => Some(symptom.told_by("sudo larder doctor    # on the client")),
        _ => None,
    }
}

/// The key by which nix.conf would accept the path: trusted, and the cache's own.
fn key_on_paper(evidence: &Evidence<'_>) -> Option<String> {
    let host = evidence.host()?;
    evidence.signers()?.iter().find_map(|name| {
        let own = host.public_key(name)?.to_string();
        (evidence.trusted(name).first() == Some(&own.as_str())).then_some(own)
    })
}

/// The daemon does not ask the cache, or remembers what it said: root sees which.
fn of_web(evidence: &Evidence<'_>, symptom: Symptom) -> Option<Symptom> {
    let client = evidence.client;
    let symptom = symptom.seen(&client.name, "asked anew, the cache has the path");
    match evidence.attempt?.memory() {
        Some([]) => Some(symptom.seen(&client.name, client.settings.line("substituters"))),
        Some(_) => None,
        None => Some(symptom.told_by("sudo larder doctor    # on the client")),
    }
}
