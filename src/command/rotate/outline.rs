//! What a person should know before a step: the whole order before the first one, what hangs on
//! a key, and what it costs to change it at once.

use super::change::Change;
use super::cost;
use super::target::Target;
use crate::command::recipients;
use crate::fleet::{Fleet, KeyKind, Stage};
use crate::key::PastedKey;
use crate::project::Project;
use crate::text::some_quoted;

/// The notes of a step.
pub(super) fn notes(
    project: &Project,
    fleet: &Fleet,
    target: &Target,
    change: &Change,
    is_compromised: bool,
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
            notes.extend(own_known_hosts(fleet, target, change));
            notes.extend(recipients(
                project,
                fleet,
                target,
                "they have to be encrypted to the new key as well before that is used, or the activation fails",
            ));
        }
        Change::Replace(_) | Change::Withdraw if is_compromised => {
            notes.extend(cost::of_theft(fleet, target, change));
            notes.extend(recipients(
                project,
                fleet,
                target,
                "encrypt them to the new key, and change what is in them: whoever has the old key can read it",
            ));
        }
        Change::Replace(_) | Change::Withdraw => {
            notes.extend(uses(fleet, target));
            notes.extend(cost::of_loss(fleet, target));
            let what = format!(
                "`{}` cannot decrypt them until they are encrypted to the new key",
                target.name
            );
            notes.extend(recipients(project, fleet, target, &what));
            notes.extend(recipients_of_host(project, fleet, target));
        }
        Change::Back if target.stage == Some(Stage::InUse) && target.kind != KeyKind::Signing => {
            notes.push(format!(
                "switch `{}` before the next step back: until then it uses the new key",
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
        uses.push(format!("the pin of its clients ({})", some_quoted(clients)));
    }
    let logs_in = fleet.caches_of(host).filter(|cache| {
        let own = fleet.identity(cache, host).public_key(host);
        own == Some(&old)
    });
    let logs_in = some_quoted(logs_in.map(|cache| &cache.host));
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

/// The person's own ssh does not know the new host key.
fn own_known_hosts(fleet: &Fleet, target: &Target, change: &Change) -> Option<String> {
    let host = fleet.hosts.get(&target.name)?;
    let key = target.ssh_keys(fleet)?.1?.key?;
    let is_it = *change == Change::Use && target.kind == KeyKind::HostKey;
    let address = host.address();
    is_it.then(|| {
        format!(
            "your own ssh will not know `{}` after its switch: `ssh-keygen -R {address}`; its new host key is {}",
            target.name,
            key.fingerprint()
        )
    })
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
        PastedKey::Ssh(old) => {
            recipients::note(project, fleet, &target.name, ("this key", &old), what)
        }
        PastedKey::Signing(_) => None,
    }
}

/// A new installation may have lost more than this key: what decrypts its secrets is its host
/// key.
fn recipients_of_host(project: &Project, fleet: &Fleet, target: &Target) -> Option<String> {
    let name = &target.name;
    let host = fleet.hosts.get(name)?;
    let old = host.host_key.as_ref()?;
    let is_other = target.old_key(fleet) != Some(PastedKey::Ssh(old.clone()));
    let what = format!(
        "if that is gone as well, `{name}` decrypts none of them until they are encrypted \
         to the new one"
    );
    let whose = format!("the host key of `{name}`");
    let note = || recipients::note(project, fleet, name, (&whose, old), &what);
    is_other.then(note).flatten()
}
