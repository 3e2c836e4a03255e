//! What has to be in force on which machines before the next step, and how a person sees it.
//!
//! This is the one place where a proof is asked for. The repository cannot give it; so far a
//! person does, with `--sure`, and each line says where to look.

use super::target::Target;
use crate::command::{Ask, Question};
use crate::diagnostic::Stop;
use crate::fleet::{Cache, Fleet, Host, HostName, KeyKind, Stage};
use crate::key::PastedKey;
use crate::steps::has_line;

/// How many machines a message names with their commands.
const SHOWN: usize = 6;

/// A line that a machine has once a step is in force there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Evidence {
    /// The machine.
    pub(super) host: HostName,
    /// The command that shows it: it prints the line, or nothing.
    pub(super) command: String,
}

/// Asks a person whether the step before is in force.
///
/// # Errors
/// When nobody can be asked, or the answer is no.
pub(super) fn ask_or_refuse(fleet: &Fleet, target: &Target, ask: &mut dyn Ask) -> Result<(), Stop> {
    let lines = lines(&needed(fleet, target));
    if !ask.has_person() {
        return Err(refused(target, &lines));
    }
    ask.say("the step before has to be in force; each of these prints a line where it is:")?;
    for line in &lines {
        ask.say(&format!("  {line}"))?;
    }
    let question = Question {
        text: "is it in force on all of them?",
        flag: "--sure",
        why: "The next step takes the old key away. A machine that does not run the step before is shut out by it, or drops what it fetches; larder could not see them all.",
    };
    if ask.confirm(question, false)? {
        return Ok(());
    }
    Err(refused(target, &lines))
}

/// What has to be in force before the next step.
pub(super) fn needed(fleet: &Fleet, target: &Target) -> Vec<Evidence> {
    let Some(server) = fleet.hosts.get(&target.name) else {
        return Vec::new();
    };
    let new = target.next_key(fleet);
    let Some(text) = new.as_ref().map(words) else {
        return vec![made(fleet, target, server)];
    };
    let uses_new = [Some(Stage::InUse)].contains(&target.stage) || !target.has_use_step();
    let on_clients = |cache: &Cache, file: &str| -> Vec<Evidence> {
        let clients = fleet.clients(cache);
        clients
            .map(|client| evidence(client, file, &text))
            .collect()
    };
    let own = fleet.caches.get(&target.name);
    match target.kind {
        KeyKind::Signing => {
            own.map_or_else(Vec::new, |cache| on_clients(cache, "/etc/nix/nix.conf"))
        }
        KeyKind::SharedIdentity if uses_new => {
            own.map_or_else(Vec::new, |cache| match target_file(fleet, target) {
                Some(file) => on_clients(cache, &file),
                None => Vec::new(),
            })
        }
        KeyKind::SharedIdentity => vec![evidence(server, KEYS_FILE, &text)],
        KeyKind::HostKey | KeyKind::Identity if uses_new => {
            let file = target_file(fleet, target);
            file.map(|file| evidence(server, &file, &text))
                .into_iter()
                .collect()
        }
        KeyKind::HostKey | KeyKind::Identity => {
            let pins = own.filter(|_| target.kind == KeyKind::HostKey);
            let pins = pins.map(|cache| on_clients(cache, "/etc/ssh/ssh_known_hosts"));
            let caches = fleet
                .caches_of(server)
                .filter(|cache| is_its_key(fleet, target, cache));
            let logins = caches.map(|cache| evidence(fleet.server(cache), KEYS_FILE, &text));
            pins.into_iter().flatten().chain(logins).collect()
        }
    }
}

/// Where NixOS keeps the keys that may log in at a cache.
const KEYS_FILE: &str = "/etc/ssh/authorized_keys.d/nix-ssh";

/// True if the client logs in at the cache with the key that is changed.
fn is_its_key(fleet: &Fleet, target: &Target, cache: &Cache) -> bool {
    let Some(client) = fleet.hosts.get(&target.name) else {
        return false;
    };
    let own = fleet.identity(cache, client).public_key(client);
    let old = target.ssh_keys(fleet).and_then(|(old, _)| old);
    own.is_some() && own == old.as_ref()
}

/// The file with the public half of the key that is in use.
fn target_file(fleet: &Fleet, target: &Target) -> Option<String> {
    crate::steps::public_file(fleet, target.kind, &target.name)
}

fn made(fleet: &Fleet, target: &Target, host: &Host) -> Evidence {
    let step = crate::steps::bring_in_new(fleet, target.kind, &target.name);
    Evidence {
        host: host.name.clone(),
        command: step.commands.join(" && "),
    }
}

fn evidence(host: &Host, file: &str, text: &str) -> Evidence {
    Evidence {
        host: host.name.clone(),
        command: has_line(host, file, text),
    }
}

/// What of a key stands in the files of a machine, whatever is around it.
fn words(key: &PastedKey) -> String {
    match key {
        PastedKey::Ssh(key) => {
            let text = key.to_string();
            text.split(' ').nth(1).unwrap_or(&text).to_owned()
        }
        PastedKey::Signing(key) => key.to_string(),
    }
}

fn lines(needed: &[Evidence]) -> Vec<String> {
    let shown = needed.iter().take(SHOWN);
    let mut lines: Vec<String> = shown.map(|one| format!("`{}`", one.command)).collect();
    let more: Vec<String> = needed
        .iter()
        .skip(SHOWN)
        .map(|one| format!("`{}`", one.host))
        .collect();
    if !more.is_empty() {
        lines.push(format!("and in the same way on {}", more.join(", ")));
    }
    lines
}

fn refused(target: &Target, lines: &[String]) -> Stop {
    let (kind, name, verb) = (target.kind, &target.name, target.kind.verb());
    let message =
        format!("whether the last step with the {kind} of `{name}` is in force is not known");
    let mut problem = target.refusal("rotation-not-proven", message);
    for line in lines {
        problem = problem.help(format!("this prints a line where it is: {line}"));
    }
    if kind == KeyKind::Signing && target.stage == Some(Stage::Known) {
        problem = problem.help(format!(
            "and `{name}` has signed with the new key what it had before (`nix store sign --all`)"
        ));
    }
    let flag = "--sure";
    problem
        .help(format!(
            "when it is in force everywhere: `larder rotate {verb} {name} {flag}`"
        ))
        .into()
}
