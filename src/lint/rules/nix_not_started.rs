//! sshd of a cache lets its clients in, and starts something else than Nix, or nothing.
//!
//! ## Why is this bad
//! sshd starts Nix by the shell of `nix-ssh`: `nologin` answers that the account is not
//! available, and in a directory of `ChrootDirectory` there is no Nix. A `ForceCommand` in a
//! block of yours may come before that of `nix.sshServe`. It happens where something hardens all
//! service accounts alike. Every build makes everything itself.
//!
//! ## Example
//! ```nix
//! # on a cache
//! users.users.nix-ssh.shell = lib.mkForce "/run/current-system/sw/bin/nologin";
//! ```
//!
//! ## What to do
//! Delete the line, or leave the account out: `nix.sshServe` gives it a shell, and has sshd run
//! nothing but Nix.

use crate::diagnostic::Severity;
use crate::fleet::{Cache, SSH_USER};
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::CacheContext;
use crate::lint::evaluated::EvaluatedCache;
use crate::lint::rule::Definition;
use crate::lint::sshd_text::{SshdLine, SshdText};
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::{Machine, Spot, Value};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Cache(in_files)],
    evaluated_half: &[EvaluatedCheck::ServingCache(evaluated)],
};

const SHELL: &str = "users.users.nix-ssh.shell";
const ENABLE: &str = "users.users.nix-ssh.enable";
const CHROOT: &str = "services.openssh.settings.ChrootDirectory";
const EXTRA: &str = "services.openssh.extraConfig";

/// The programs that end at once.
const NO_SHELLS: [&str; 3] = ["nologin", "false", "true"];

const CHROOT_KEYWORD: &str = "chrootdirectory";
const COMMAND_KEYWORD: &str = "forcecommand";

/// What is in the way, and where.
struct Obstacle {
    option: &'static str,
    spot: Spot,
    note: &'static str,
}

fn in_files(cache: &CacheContext<'_>) -> Vec<Violation> {
    let of_ssh = cache.machine().filter(|_| !cache.is_tunnelled());
    let Some(machine) = of_ssh else {
        return Vec::new();
    };
    let text = SshdText::of_machine(machine, SSH_USER);
    let obstacles = [
        without_shell(machine),
        turned_off(machine),
        in_another_root(machine, &text),
        another_command(&text),
    ];
    let obstacles = obstacles.into_iter().flatten();
    let violations = obstacles.map(|one| {
        let violation = Violation::new(subject(cache, one.option), message(cache, one.option));
        let violation = violation.at_spot(&one.spot, one.note).help(help(one.option));
        if one.option != EXTRA {
            return violation;
        }
        let file = one.spot.file.shown();
        violation.only_if(&format!("`{file}` is read after the module of `nix.sshServe`"))
    });
    violations.collect()
}

fn evaluated(cache: &EvaluatedCache<'_>) -> Verdict {
    if cache.is_tunnelled() {
        return Verdict::decided([]);
    }
    let (serve, sshd) = (&cache.settings.serve, &cache.settings.sshd);
    let text = SshdText::of(&sshd.extra_config, SSH_USER);
    if text.is_open(CHROOT_KEYWORD) || text.is_open(COMMAND_KEYWORD) {
        return Verdict::Open;
    }
    let directory = |line: Option<&SshdLine>| line?.arguments().first().cloned();
    let root = directory(text.of_block(CHROOT_KEYWORD))
        .or_else(|| sshd.chroot_directory.clone())
        .or_else(|| directory(text.of_everybody(CHROOT_KEYWORD)));
    let obstacles = [
        (SHELL, is_no_shell(&serve.shell)),
        (ENABLE, !serve.has_account),
        (CHROOT, root.is_some_and(|root| is_another_root(&root))),
        (EXTRA, runs_another(&text).is_some()),
    ];
    let obstacles = obstacles.into_iter().filter(|(_, is_there)| *is_there);
    Verdict::decided(obstacles.map(|(option, _)| {
        let violation = cache.violation_of(subject(cache, option), message(cache, option));
        violation.help(help(option))
    }))
}

fn subject(cache: &Cache, option: &str) -> Subject {
    Subject::cache(cache).part(option)
}

fn message(cache: &Cache, option: &str) -> String {
    format!("sshd of the cache `{}` does not start Nix: `{option}`", cache.host)
}

fn help(option: &str) -> String {
    match option {
        SHELL | ENABLE => "take away what sets it: `nix.sshServe` makes the account".to_owned(),
        _ => format!("leave the account out: `Match User *,!{SSH_USER}`"),
    }
}

/// The strongest of the definitions, if it is no shell.
fn without_shell(machine: &Machine) -> Option<Obstacle> {
    let hits = machine.all(SHELL).into_iter();
    let hit = hits.max_by_key(|hit| (hit.strength, !hit.is_conditional()))?;
    let is_none = match &hit.value {
        Value::Text(text) => is_no_shell(&text.text),
        Value::Path(path) => is_no_shell(path),
        _ => false,
    };
    is_none.then_some(Obstacle {
        option: SHELL,
        spot: hit.spot,
        note: "is no shell",
    })
}

fn is_no_shell(path: &str) -> bool {
    let program = path.rsplit('/').next().unwrap_or_default();
    NO_SHELLS.contains(&program)
}

fn turned_off(machine: &Machine) -> Option<Obstacle> {
    let (_, hit) = machine.flag(ENABLE).filter(|(on, _)| !on)?;
    Some(Obstacle {
        option: ENABLE,
        spot: hit.spot,
        note: "there is no account",
    })
}

/// Of what is for all users, the options come first.
fn in_another_root(machine: &Machine, text: &SshdText) -> Option<Obstacle> {
    if text.is_open(CHROOT_KEYWORD) || machine.is_hidden(CHROOT) {
        return None;
    }
    let of_line = |line: &SshdLine| {
        let directory = line.arguments().first()?;
        is_another_root(directory).then(|| line.spot().cloned()).flatten()
    };
    let hits = machine.all(CHROOT).into_iter();
    let in_modules = hits.max_by_key(|hit| (hit.strength, !hit.is_conditional()));
    let spot = match (text.of_block(CHROOT_KEYWORD), in_modules) {
        (Some(line), _) => of_line(line),
        (None, Some(hit)) => {
            let is_another = hit.value.text().is_some_and(is_another_root);
            is_another.then_some(hit.spot)
        }
        (None, None) => of_line(text.of_everybody(CHROOT_KEYWORD)?),
    };
    Some(Obstacle {
        option: CHROOT,
        spot: spot?,
        note: "there is no Nix in it",
    })
}

fn is_another_root(directory: &str) -> bool {
    !["none", "/"].contains(&directory)
}

fn another_command(text: &SshdText) -> Option<Obstacle> {
    Some(Obstacle {
        option: EXTRA,
        spot: runs_another(text)?.spot()?.clone(),
        note: "of two blocks the first counts",
    })
}

/// The line that decides what sshd runs, if that is not Nix.
fn runs_another(text: &SshdText) -> Option<&SshdLine> {
    let line = text.of_block(COMMAND_KEYWORD)?;
    let is_nix = |word: &String| word.contains("nix-store") || word.contains("nix-daemon");
    let mut words = line.arguments().iter();
    (!words.any(is_nix)).then_some(line)
}
