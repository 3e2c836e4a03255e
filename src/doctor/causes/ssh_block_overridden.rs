//! Another ssh configuration comes before the one that was made for the cache.
//!
//! ## What it looks like
//! Anything: another port, another key, another host key. ssh takes the first value that it
//! finds, and `/root/.ssh/config` comes before `/etc/ssh/ssh_config`.
//!
//! ## What to do
//! Take the lines away that match the cache's name, or restrict them with
//! `Match originalhost NAME user YOU`. `ssh -G nix-ssh@NAME` as root shows what holds.

use crate::doctor::cause::Definition;
use crate::doctor::evidence::Evidence;
use crate::doctor::route::Route;
use crate::doctor::stage::Stage;
use crate::doctor::symptom::Symptom;

pub(super) const CAUSE: Definition = Definition {
    stage: Stage::Ssh,
    check,
};

/// What decides where ssh connects to, and with which keys.
const KEYWORDS: [&str; 3] = ["port", "hostkeyalias", "identityfile"];

fn check(evidence: &Evidence<'_>) -> Option<Symptom> {
    let (client, route) = (evidence.client, evidence.route?);
    let (keyword, intended) = KEYWORDS.iter().find_map(|keyword| {
        let intended = route.intended(keyword)?;
        (!holds(route, keyword, intended)).then_some((*keyword, intended))
    })?;
    let actual = route.ssh(keyword).unwrap_or("nothing");
    let user = route.user();
    Some(
        Symptom::new(format!(
            "another ssh configuration on `{}` overrides the block for `{}`",
            client.name,
            route.host()
        ))
        .seen(&client.name, format!("/etc/ssh/ssh_config: {keyword} {intended}"))
        .seen(&client.name, format!("ssh -G {user}@{}: {keyword} {actual}", route.host()))
        .cure("take the lines for this host out of /root/.ssh/config, or from before the block"),
    )
}

/// True if the intended value is the first that ssh uses.
fn holds(route: &Route, keyword: &str, intended: &str) -> bool {
    route.ssh(keyword).is_some_and(|value| value.eq_ignore_ascii_case(intended))
}
