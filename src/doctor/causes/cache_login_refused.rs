//! A cache over http(s) wants a login, and refuses this client's.
//!
//! ## What it looks like
//! `HTTP error 401` or `403`; before Nix 2.35 nothing at all, or `does not appear to be a
//! binary cache`: such an answer counts as *not there*, and is remembered for an hour. 403
//! counts so in every Nix. 407 is a proxy on the way.
//!
//! ## What to do
//! An entry for the host in the file `netrc-file`, with `login` and `password`, on one machine
//! or in `nix.settings.netrc-file`: curl ignores an entry without a login, so write any word
//! there where the cache asks for a token alone. The daemon reads it as root. Afterwards take
//! the remembered answers away: `sudo sh -c 'rm ~root/.cache/nix/binary-cache-v*.sqlite*'`.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Login,
    check,
};

const WORDS: [&str; 3] = ["HTTP error 401", "HTTP error 403", "HTTP error 407"];

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, web) = (evidence.client, evidence.web?);
    let line = evidence.web_says(&WORDS)?;
    // Nix itself may have a certificate for it.
    if web.answers() && evidence.attempt.is_none_or(|attempt| attempt.failure().is_none()) {
        return None;
    }
    let (file, state) = web.netrc().unwrap_or(("netrc", "missing"));
    let symptom = Symptom::new(format!("`{}` refuses the login of `{}`", web.name(), client.name))
        .seen(&client.name, line)
        .seen(&client.name, format!("{file}: {}", meaning(state, web.host())));
    Some(match state {
        "unread" | "hidden" => symptom.told_by("sudo larder doctor    # on the client: root reads that file"),
        "entry" => symptom.cure(format!("compare the entry in {file} with what the cache gave you: it may have expired")),
        _ => symptom.cure(format!("machine {} login WORD password …    # in {file}", web.host())),
    })
}

fn meaning(state: &str, host: &str) -> String {
    match state {
        "entry" => format!("has a login and a password for {host}"),
        "no-login" => format!("has an entry for {host} without `login`, which is ignored"),
        "no-password" => format!("has an entry for {host} without `password`"),
        "none" => format!("has no entry for {host}"),
        "unread" | "hidden" => "only root reads it".to_owned(),
        _ => "there is no such file".to_owned(),
    }
}
