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
//! Without PAM (`UsePAM = false`) sshd lets nobody into an account that is locked, as NixOS
//! locks those without a password: `users.users.nix-ssh.hashedPassword = "*";` helps.
//!
//! A list `authorizedKeysFiles` of your own has to name `/etc/ssh/authorized_keys.d/%u`,
//! where NixOS writes the keys of the clients.

use crate::diagnostic::Severity;
use crate::fleet::Cache;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::CacheContext;
use crate::lint::evaluated::{EvaluatedCache, Sshd};
use crate::lint::rule::Definition;
use crate::lint::sshd_text::{SshdLine, SshdText};
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::{Hit, Machine, Spot, Strength, Value};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Cache(in_files)],
    evaluated_half: &[EvaluatedCheck::ServingCache(evaluated)],
};

const METHODS: &str = "services.openssh.settings.AuthenticationMethods";
const PUBKEY: &str = "services.openssh.settings.PubkeyAuthentication";
const KEY_FILES: &str = "services.openssh.authorizedKeysFiles";
const PAM: &str = "services.openssh.settings.UsePAM";
const EXTRA: &str = "services.openssh.extraConfig";

/// Where NixOS writes the keys of a user that modules list (`sshd.nix`).
const FOLDER: &str = "/etc/ssh/authorized_keys.d/";

/// One thing that a login by key needs.
struct Need {
    option: &'static str,
    /// The keyword in sshd's text.
    keyword: &'static str,
    /// Whether a value of the keyword keeps clients out.
    is_wrong: fn(&str) -> bool,
    /// Whether that depends on more, which the files show to be as it must not be.
    is_its_fault: fn(&Machine) -> bool,
    /// The definition of the option that keeps them out, of those in the files.
    in_modules: fn(&Machine) -> Option<Hit>,
}

const NEEDS: &[Need] = &[
    Need {
        option: METHODS,
        keyword: "authenticationmethods",
        is_wrong: |methods| !is_key_enough(methods),
        is_its_fault: |_| true,
        in_modules: forces_more,
    },
    Need {
        option: PUBKEY,
        keyword: "pubkeyauthentication",
        is_wrong: |value| value.eq_ignore_ascii_case("no"),
        is_its_fault: |_| true,
        in_modules: |machine| turned_off(machine, PUBKEY),
    },
    Need {
        option: KEY_FILES,
        keyword: "authorizedkeysfile",
        is_wrong: |files| !files.split_whitespace().any(|file| file.starts_with(FOLDER)),
        is_its_fault: |_| true,
        in_modules: replaced,
    },
    Need {
        option: PAM,
        keyword: "usepam",
        is_wrong: |value| value.eq_ignore_ascii_case("no"),
        is_its_fault: is_locked,
        in_modules: |machine| turned_off(machine, PAM),
    },
];

impl Need {
    /// What a line of sshd's text decides; `None`: the option's value counts.
    fn by_text<'t>(&self, text: &'t SshdText, is_set: bool) -> Option<&'t SshdLine> {
        // NixOS writes the options before the text, and the first value counts.
        let outside = || text.of_everybody(self.keyword).filter(|_| !is_set);
        text.of_block(self.keyword).or_else(outside)
    }

    fn is_wrong(&self, line: &SshdLine) -> bool {
        (self.is_wrong)(&line.arguments().join(" "))
    }

    /// Where the files keep clients out, and what helps there.
    fn in_files(
        &self,
        cache: &Cache,
        machine: &Machine,
        text: &SshdText,
    ) -> Option<(Spot, String)> {
        if text.is_open(self.keyword) || !(self.is_its_fault)(machine) {
            return None;
        }
        // NixOS always sets the files of keys.
        let is_set = self.option == KEY_FILES
            || machine.says(self.option)
            || machine.is_hidden(self.option);
        match self.by_text(text, is_set) {
            Some(line) => {
                let spot = line.spot().filter(|_| self.is_wrong(line));
                Some((spot?.clone(), help_in_text(cache, self.option)))
            }
            None => Some(((self.in_modules)(machine)?.spot, help(cache, self.option))),
        }
    }
}

fn in_files(cache: &CacheContext<'_>) -> Vec<Violation> {
    let Some(machine) = cache.machine() else {
        return Vec::new();
    };
    let text = SshdText::of_machine(machine, cache.login_user());
    let violation = |need: &Need| {
        let (spot, help) = need.in_files(cache, machine, &text)?;
        let violation = Violation::new(subject(cache, need.option), message(cache, need.option));
        Some(violation.at_spot(&spot, "").help(help))
    };
    NEEDS.iter().filter_map(violation).collect()
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

/// Where the account of the clients has what counts as a password: without one NixOS locks it,
/// and sshd alone lets nobody into a locked account.
const ACCOUNT: &str = "users.users.nix-ssh";
const PASSWORDS: &[&str] = &[
    "password",
    "hashedPassword",
    "hashedPasswordFile",
    "initialPassword",
    "initialHashedPassword",
];

fn is_locked(machine: &Machine) -> bool {
    let mut options = PASSWORDS.iter().map(|name| format!("{ACCOUNT}.{name}"));
    !options.any(|option| machine.says(&option) || machine.is_hidden(&option))
}

fn turned_off(machine: &Machine, option: &str) -> Option<Hit> {
    let hits = in_force(machine, option)?;
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

/// True if one of the lists of methods has nothing but the key (`sshd_config(5)`).
fn is_key_enough(methods: &str) -> bool {
    let mut lists = methods.split_whitespace();
    lists.any(|list| matches!(list, "any" | "publickey"))
}

fn evaluated(cache: &EvaluatedCache<'_>) -> Verdict {
    let text = SshdText::of(&cache.settings.sshd.extra_config, cache.login_user());
    if NEEDS.iter().any(|need| text.is_open(need.keyword)) {
        return Verdict::Open;
    }
    let is_unmet = |need: &&Need| {
        let value = value(&cache.settings.sshd, need.option);
        match need.by_text(&text, value.is_some()) {
            Some(line) => need.is_wrong(line),
            None => value.is_some_and(|value| (need.is_wrong)(&value)),
        }
    };
    let is_locked = cache.settings.serve.is_locked;
    let needs = NEEDS.iter().filter(|need| need.option != PAM || is_locked);
    let unmet = needs.filter(is_unmet);
    Verdict::decided(unmet.map(|need| {
        let option = need.option;
        let violation = cache.violation_of(subject(cache, option), message(cache, option));
        violation.help(help(cache, option))
    }))
}

/// What an option comes to, as sshd's text has it; `None`: it is not set.
fn value(sshd: &Sshd, option: &str) -> Option<String> {
    match option {
        METHODS => sshd.authentication_methods.clone(),
        PUBKEY => (!sshd.pubkey_authentication).then(|| "no".to_owned()),
        PAM => (!sshd.uses_pam).then(|| "no".to_owned()),
        _ => Some(sshd.authorized_keys_files.join(" ")),
    }
}

fn subject(cache: &Cache, option: &str) -> Subject {
    Subject::cache(cache).part(option)
}

fn message(cache: &Cache, option: &str) -> String {
    let host = &cache.host;
    format!("sshd of the cache `{host}` lets no client in with its key alone: `{option}`")
}

/// What helps against a line of sshd's text: of two blocks the first one counts.
fn help_in_text(cache: &Cache, option: &str) -> String {
    match option {
        KEY_FILES => return format!("add `{FOLDER}%u` to this line"),
        PAM => return unlocked(cache),
        _ => {}
    }
    let user = cache.login_user();
    format!("put a block `Match User {user}` with {LINES} above this one")
}

/// What lets clients in.
const LINES: &str = "`AuthenticationMethods publickey` and `PubkeyAuthentication yes`";

/// A password that nobody can type, and that locks nothing.
fn unlocked(cache: &Cache) -> String {
    let user = cache.login_user();
    format!(
        "delete the line, or add `users.users.{user}.hashedPassword = \"*\";`: without a password the account is locked"
    )
}

fn help(cache: &Cache, option: &str) -> String {
    match option {
        KEY_FILES => return format!("add `\"{FOLDER}%u\"` to `{option}`"),
        PAM => return unlocked(cache),
        _ => {}
    }
    let user = cache.login_user();
    format!("add to `{EXTRA}` a block `Match User {user}` with {LINES}")
}
