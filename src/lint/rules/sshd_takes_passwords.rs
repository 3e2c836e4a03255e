//! sshd of a cache runs only because the cache does, and takes passwords.
//!
//! ## Why is this bad
//! `nix.sshServe` turns sshd on by itself, with the default settings of NixOS: whoever
//! knows or guesses a user's password can log in, on a machine where nobody has asked for
//! an sshd.
//!
//! ## Example
//! ```toml
//! # larder.toml, where no module of kalaw turns sshd on
//! [caches.kalaw]
//! clients = ["@all"]
//! ```
//!
//! ## What to do
//! Write `enable-sshd = true` under `[caches.kalaw]` and run `larder sync`: the wiring
//! turns sshd on for keys only. If a module that larder cannot read turns it on, write
//! `enable-sshd = false`. If passwords are meant to be accepted, say so in a module of the
//! host: `services.openssh.settings.PasswordAuthentication = true;`.

use crate::diagnostic::Severity;
use crate::fleet::{Cache, Host, SshdOwner};
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::CacheContext;
use crate::lint::evaluated::EvaluatedCache;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::ssh_config::blocks;
use crate::survey::{Machine, Value};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Cache(in_files)],
    evaluated_half: &[EvaluatedCheck::ServingCache(evaluated)],
};

/// Where a module turns sshd on, or serves by itself.
const SWITCHES: &[&str] = &["services.openssh.enable", "nix.sshServe.enable"];

/// Where a module says how people log in.
const LOGINS: &[&str] = &[
    "services.openssh.settings.PasswordAuthentication",
    "services.openssh.passwordAuthentication",
    "services.openssh.settings.AuthenticationMethods",
];

/// The same in sshd's own text.
const KEYWORDS: &[&str] = &["passwordauthentication", "authenticationmethods"];
const EXTRA: &str = "services.openssh.extraConfig";

fn in_files(cache: &CacheContext<'_>) -> Vec<Violation> {
    let is_wirings = cache.sshd == SshdOwner::Wiring || cache.is_adopted();
    let Some(machine) = cache.machine().filter(|_| !is_wirings) else {
        return Vec::new();
    };
    if decides(machine) {
        return Vec::new();
    }
    let is_whole = cache.context.tells_all(machine);
    let message = match (is_whole, cache.sshd) {
        // That module is where larder cannot look.
        (false, SshdOwner::Elsewhere) => return Vec::new(),
        (true, _) => message(cache.server),
        (false, _) => format!(
            "no module of `{}` that larder can read turns sshd on; if no other does, it takes passwords",
            cache.server.name
        ),
    };
    let violation = Violation::new(Subject::cache(cache), message);
    vec![with_help(violation.at_cache(cache.context.fleet, cache), cache, is_whole)]
}

/// True if the files say, or may say, whether there is an sshd or how people log in.
fn decides(machine: &Machine) -> bool {
    let is_on = |option: &&str| {
        let flag = machine.flag(option);
        flag.is_some_and(|(is_on, _)| is_on) || machine.is_hidden(option)
    };
    let is_said = |option: &&str| machine.says(option) || machine.is_hidden(option);
    SWITCHES.iter().any(is_on) || LOGINS.iter().any(is_said) || decides_in_text(machine)
}

fn decides_in_text(machine: &Machine) -> bool {
    let texts = machine.all(EXTRA).into_iter();
    let mut texts = texts.map(|hit| match hit.value {
        Value::Text(text) => text.whole().map(str::to_owned),
        _ => None,
    });
    texts.any(|text| text.is_none_or(|text| says(&text)))
}

/// True if sshd's text says for everybody how people log in.
fn says(text: &str) -> bool {
    let blocks = blocks(text);
    let for_all = blocks.iter().filter(|block| !block.is_for_some());
    let mut lines = for_all.flat_map(|block| &block.directives);
    lines.any(|line| KEYWORDS.contains(&line.keyword.as_str()))
}

fn evaluated(cache: &EvaluatedCache<'_>) -> Verdict {
    let sshd = &cache.settings.sshd;
    let Some(by_default) = sshd.takes_passwords_by_default else {
        return Verdict::Open;
    };
    let is_wrong = by_default && !cache.is_adopted() && !says(&sshd.extra_config);
    let is_wrong = is_wrong && sshd.authentication_methods.is_none();
    let violation = || with_help(cache.violation(message(cache.server)), cache, true);
    Verdict::decided(is_wrong.then(violation))
}

fn message(server: &Host) -> String {
    let host = &server.name;
    format!("sshd of `{host}` runs only because it is a cache, and takes passwords")
}

fn with_help(violation: Violation, cache: &Cache, is_whole: bool) -> Violation {
    let host = &cache.host;
    let violation = violation.help(format!(
        "for keys only: `enable-sshd = true` under `[caches.{host}]`, then `larder sync`"
    ));
    if is_whole {
        return violation.help("if passwords are meant to be accepted: `services.openssh.settings.PasswordAuthentication = true;` in its module");
    }
    violation
        .help(format!("if it is on elsewhere: `enable-sshd = false` under `[caches.{host}]`"))
        .help(format!("`larder lint --eval --host {host}` lets Nix decide"))
}
