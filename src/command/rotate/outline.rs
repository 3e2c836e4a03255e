//! What a person should know before a step: the whole order before the first one, what hangs on
//! a key, and what it costs to change it at once.

use super::change::Change;
use super::target::Target;
use crate::command::recipients;
use crate::fleet::{Fleet, HostName, KeyKind, Stage};
use crate::key::PastedKey;
use crate::project::Project;

/// The notes of a step.
pub(super) fn notes(
    project: &Project,
    fleet: &Fleet,
    target: &Target,
    change: &Change,
) -> Vec<String> {
    let mut notes = Vec::new();
    let is_first = target.stage.is_none();
    match change {
        Change::Make | Change::Know(_) if is_first => {
            notes.extend(uses(fleet, target));
            notes.push(order(fleet, target));
            notes.extend(recipients(
                project,
                fleet,
                target,
                "encrypt them to both keys before the new one is used",
            ));
        }
        Change::Know(_) | Change::Use => {
            notes.extend(recipients(
                project,
                fleet,
                target,
                "they have to be encrypted to the new key as well before that is used, or the activation fails",
            ));
        }
        Change::Replace(_) | Change::Withdraw => {
            notes.extend(cost(fleet, target, change));
            notes.extend(recipients(project, fleet, target, "encrypt them to the new key, and change what is in them if the old one is in wrong hands"));
        }
        Change::Back if target.stage == Some(Stage::InUse) && target.kind != KeyKind::Signing => {
            notes.push(format!(
                "switch before the next step back: `{}` has the old key in place only then",
                target.name
            ));
        }
        _ => {}
    }
    notes
}

/// What one key is for.
fn uses(fleet: &Fleet, target: &Target) -> Option<String> {
    let host = fleet.hosts.get(&target.name)?;
    let old = target.ssh_keys(fleet)?.0?;
    let mut uses = Vec::new();
    if target.kind == KeyKind::HostKey
        && let Some(cache) = fleet.caches.get(&target.name)
    {
        let clients = fleet.clients(cache).map(|client| &client.name);
        uses.push(format!("the pin of its clients ({})", names(clients)));
    }
    let logs_in = fleet.caches_of(host).filter(|cache| {
        let own = fleet.identity(cache, host).public_key(host);
        own == Some(&old)
    });
    let logs_in = names(logs_in.map(|cache| &cache.host));
    if !logs_in.is_empty() {
        uses.push(format!("its login at {logs_in}"));
    }
    (!uses.is_empty()).then(|| format!("this key of `{}` is {}", target.name, uses.join(", and ")))
}

/// The whole order.
fn order(fleet: &Fleet, target: &Target) -> String {
    let name = &target.name;
    let others = others(fleet, target);
    let steps: &[String] = &match (target.kind, target.is_made) {
        (KeyKind::Signing, true) => vec![
            format!("`{name}` makes a second key and signs with both"),
            "its clients trust both, and what it has is signed anew".to_owned(),
            "they trust the new one alone".to_owned(),
            format!("`{name}` drops the old one"),
        ],
        (KeyKind::Signing, false) => vec![
            "the cache signs with both, its clients trust both, and what it has is signed anew"
                .to_owned(),
            "they trust the new one alone".to_owned(),
            format!("`{name}` drops the old one"),
        ],
        (KeyKind::HostKey | KeyKind::Identity, true) => vec![
            format!("`{name}` makes the new key beside the old one"),
            others,
            format!("`{name}` uses the new one"),
            "the old one goes everywhere".to_owned(),
        ],
        (_, _) => vec![
            "the others know both".to_owned(),
            "you put the new one in the place of the old one, and the old one goes everywhere"
                .to_owned(),
        ],
    };
    let numbered = steps.iter().enumerate();
    let numbered: Vec<String> = numbered
        .map(|(at, step)| format!("{}. {step}", at + 1))
        .collect();
    format!("the order: {}", numbered.join("; "))
}

/// What the other machines do with two keys.
fn others(fleet: &Fleet, target: &Target) -> String {
    let pins = target.kind == KeyKind::HostKey && fleet.caches.contains_key(&target.name);
    let host = fleet.hosts.get(&target.name);
    let logs_in = host.is_some_and(|host| fleet.caches_of(host).next().is_some());
    match (pins, logs_in) {
        (true, true) => "its clients pin both, and caches let both in",
        (true, false) => "its clients pin both",
        (false, _) => "caches let both in",
    }
    .to_owned()
}

/// The secrets that are encrypted to the old key.
fn recipients(project: &Project, fleet: &Fleet, target: &Target, what: &str) -> Option<String> {
    match target.old_key(fleet)? {
        PastedKey::Ssh(old) => recipients::note(project, fleet, &old, what),
        PastedKey::Signing(_) => None,
    }
}

/// What stops, and until when.
fn cost(fleet: &Fleet, target: &Target, change: &Change) -> Vec<String> {
    let name = &target.name;
    let is_gone = *change == Change::Withdraw;
    let until = if is_gone {
        "until the new key is in and they are switched for it"
    } else {
        "until they are switched"
    };
    let mut notes = Vec::new();
    let clients = fleet
        .caches
        .get(name)
        .map(|cache| names(fleet.clients(cache).map(|it| &it.name)));
    let clients = clients.filter(|clients| !clients.is_empty());
    match (target.kind, clients) {
        (KeyKind::Signing, Some(clients)) => notes.push(format!(
            "what `{name}` built so far has the old signature: its clients ({clients}) build it again, or fetch it elsewhere; \
             sign only what you know to be yours (`nix store sign`), others may have signed with the old key"
        )),
        (KeyKind::HostKey, Some(clients)) => {
            notes.push(format!("its clients ({clients}) cannot use `{name}` {until}"));
        }
        (KeyKind::SharedIdentity, Some(clients)) => {
            notes.push(format!("its clients ({clients}) cannot log in at `{name}` until they have the new key"));
        }
        _ => {}
    }
    let is_login = matches!(target.kind, KeyKind::HostKey | KeyKind::Identity);
    let host = fleet.hosts.get(name).filter(|_| is_login);
    let caches = host.map(|host| names(fleet.caches_of(host).map(|cache| &cache.host)));
    if let Some(caches) = caches.filter(|caches| !caches.is_empty()) {
        notes.push(format!(
            "whoever has the old key can log in at {caches} until that is switched: switch it first"
        ));
    }
    notes
}

/// `a`, `b` and `c`; of many the first few.
fn names<'a>(names: impl Iterator<Item = &'a HostName>) -> String {
    const SHOWN: usize = 6;
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some(_) if names.len() > SHOWN => {
            let shown = names[..SHOWN].join(", ");
            format!("{shown} and {} more", names.len() - SHOWN)
        }
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}
