//! sshd of a cache lets nobody in with a key alone.
//!
//! ## Why is this bad
//! A client logs in as `nix-ssh` with a key and nothing else, and nobody is there who
//! could type a code. sshd rejects every login: `Permission denied`, and the client
//! builds everything itself.
//!
//! ## Example
//! ```nix
//! # on a cache
//! services.openssh.settings.AuthenticationMethods = "publickey,keyboard-interactive";
//! ```
//!
//! ## What to do
//! Keep the second factor for people, and let `nix-ssh` in with its key:
//!
//! ```nix
//! services.openssh.extraConfig = ''
//!   Match User nix-ssh
//!     AuthenticationMethods publickey
//!     PubkeyAuthentication yes
//!   Match all
//! '';
//! ```
//!
//! A list `authorizedKeysFiles` of your own has to name `/etc/ssh/authorized_keys.d/%u`,
//! where NixOS writes the keys of the clients.

use crate::diagnostic::Severity;
use crate::fleet::{Cache, SSH_USER};
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::CacheContext;
use crate::lint::evaluated::EvaluatedCache;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::ssh_config::{Block, blocks};
use crate::survey::{Hit, Machine, Strength, Value};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Cache(in_files)],
    evaluated_half: &[EvaluatedCheck::ServingCache(evaluated)],
};

const METHODS: &str = "services.openssh.settings.AuthenticationMethods";
const PUBKEY: &str = "services.openssh.settings.PubkeyAuthentication";
const KEY_FILES: &str = "services.openssh.authorizedKeysFiles";
const EXTRA: &str = "services.openssh.extraConfig";

/// Where NixOS writes the keys of a user that modules list (`sshd.nix`).
const FOLDER: &str = "/etc/ssh/authorized_keys.d/";

fn in_files(cache: &CacheContext<'_>) -> Vec<Violation> {
    let Some(machine) = cache.machine() else {
        return Vec::new();
    };
    let by_setting = [
        (METHODS, forces_more(machine)),
        (PUBKEY, turned_off(machine)),
    ];
    let by_setting = by_setting.into_iter();
    let found = by_setting.filter_map(|(option, hit)| Some((option, hit?)));
    // A block of sshd's text decides for its users; a text that is computed may have one.
    let found = found.filter(|_| !has_block(machine));
    let replaced = replaced(machine).map(|hit| (KEY_FILES, hit));
    found
        .chain(replaced)
        .map(|(option, hit)| {
            Violation::new(subject(cache, option), message(cache, option))
                .at_spot(&hit.spot, "")
                .help(help(option))
        })
        .collect()
}

/// The definition of `AuthenticationMethods` that asks for more than a key.
fn forces_more(machine: &Machine) -> Option<Hit> {
    let hits = in_force(machine, METHODS)?;
    let asks_for_more = |hit: &Hit| match &hit.value {
        Value::Text(text) => text.whole().is_some_and(|text| !is_key_enough(text)),
        _ => false,
    };
    hits.iter().all(asks_for_more).then(|| hits.into_iter().next())?
}

fn turned_off(machine: &Machine) -> Option<Hit> {
    let hits = in_force(machine, PUBKEY)?;
    let is_off = |hit: &Hit| match &hit.value {
        Value::Text(text) => text.whole() == Some("no"),
        value => value.bool() == Some(false),
    };
    hits.iter().all(is_off).then(|| hits.into_iter().next())?
}

/// The definition that replaces NixOS' own list, and does not name its folder.
fn replaced(machine: &Machine) -> Option<Hit> {
    let hits = in_force(machine, KEY_FILES)?;
    let lacks_folder = |hit: &Hit| match &hit.value {
        Value::List(list) if !list.open => {
            let mut items = list.items.iter().map(|item| item.value.text());
            items.all(|text| text.is_some_and(|text| !text.starts_with(FOLDER)))
        }
        _ => false,
    };
    let is_forced = |hit: &Hit| hit.strength == Strength::Force;
    let all_lack = hits.iter().all(|hit| is_forced(hit) && lacks_folder(hit));
    all_lack.then(|| hits.into_iter().next())?
}

/// The definitions, if they are known to be all there are; first those that depend on a
/// condition.
fn in_force(machine: &Machine, option: &str) -> Option<Vec<Hit>> {
    let mut hits = machine.all(option);
    hits.sort_by_key(|hit| !hit.is_conditional());
    (!machine.is_hidden(option)).then_some(hits)
}

fn has_block(machine: &Machine) -> bool {
    let decides = |hit: &Hit| match &hit.value {
        Value::Text(text) => text.whole().is_none_or(decides_for_some),
        _ => true,
    };
    machine.all(EXTRA).iter().any(decides)
}

/// True if a block says for some users how they may log in.
fn decides_for_some(text: &str) -> bool {
    let says = |block: &Block| {
        let keywords = ["authenticationmethods", "pubkeyauthentication"];
        keywords.iter().any(|keyword| block.first(keyword).is_some())
    };
    blocks(text).into_iter().skip(1).any(|block| says(&block))
}

/// True if one of the lists of methods has nothing but the key (`sshd_config(5)`).
fn is_key_enough(methods: &str) -> bool {
    let mut lists = methods.split_whitespace();
    lists.any(|list| matches!(list, "any" | "publickey"))
}

fn evaluated(cache: &EvaluatedCache<'_>) -> Verdict {
    let sshd = &cache.settings.sshd;
    let has_block = decides_for_some(&sshd.extra_config);
    let methods = sshd.authentication_methods.as_deref();
    let files = &sshd.authorized_keys_files;
    let wrong = [
        (METHODS, !has_block && methods.is_some_and(|methods| !is_key_enough(methods))),
        (PUBKEY, !has_block && !sshd.pubkey_authentication),
        (KEY_FILES, !files.iter().any(|file| file.starts_with(FOLDER))),
    ];
    let wrong = wrong.into_iter().filter(|(_, is_wrong)| *is_wrong);
    Verdict::decided(wrong.map(|(option, _)| {
        let violation = cache.violation_of(subject(cache, option), message(cache, option));
        violation.help(help(option))
    }))
}

fn subject(cache: &Cache, option: &str) -> Subject {
    Subject::cache(cache).part(option)
}

fn message(cache: &Cache, option: &str) -> String {
    let host = &cache.host;
    format!("sshd of the cache `{host}` lets no client in with its key alone: `{option}`")
}

fn help(option: &str) -> String {
    if option == KEY_FILES {
        return format!("add `\"{FOLDER}%u\"` to `{option}`");
    }
    format!("add to `{EXTRA}` a block `Match User {SSH_USER}` with `AuthenticationMethods publickey` and `PubkeyAuthentication yes`")
}
