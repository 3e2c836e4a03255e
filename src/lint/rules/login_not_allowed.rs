//! sshd or Nix on a cache rejects the logins of its clients.
//!
//! ## Why is this bad
//! Clients log in as `nix-ssh`. `AllowUsers` without it refuses the login;
//! `allowed-users` without it refuses the connection to the store. Nothing warns
//! on either side.
//!
//! ## Example
//! ```nix
//! services.openssh.settings.AllowUsers = [ "thomas" ];    # on a cache
//! ```
//!
//! ## What to do
//! Add `"nix-ssh"` to the list, or take it, or the pattern that matches it, out of
//! `DenyUsers`. (`root@*` lets nobody but root in; `nix-ssh@10.0.0.0/8` is fine.)

use wildmatch::WildMatch;

use crate::diagnostic::Severity;
use crate::fleet::{Cache, SSH_USER};
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::CacheContext;
use crate::lint::evaluated::{EvaluatedCache, List};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::repo::RepoPath;
use crate::survey::ssh_config::blocks;
use crate::survey::{HOLE, Machine, Word};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Cache(in_files)],
    evaluated_half: &[EvaluatedCheck::ServingCache(evaluated)],
};

/// The list of those that Nix serves.
const OF_NIX: &str = "nix.settings.allowed-users";

/// The list of those that Nix serves whatever that list says.
const TRUSTED: &str = "nix.settings.trusted-users";

/// The lists of those that sshd lets in.
const OF_SSHD: &[&str] = &["AllowUsers", "AllowGroups"];

/// The lists of those that it does not.
const DENYING: &[&str] = &["DenyUsers", "DenyGroups"];

fn in_files(cache: &CacheContext<'_>) -> Vec<Violation> {
    let Some(machine) = cache.machine() else {
        return Vec::new();
    };
    let of_sshd = OF_SSHD
        .iter()
        .filter(|name| !name.ends_with("Groups") || !may_join_a_group(cache, machine));
    let of_sshd = of_sshd.map(|name| {
        let option = sshd_option(name);
        let words = machine.words(&option);
        (option, words)
    });
    let of_nix = (!is_trusted(machine)).then(|| (OF_NIX.to_owned(), machine.nix_words(OF_NIX)));
    let rejecting = of_sshd
        .chain(of_nix)
        .filter_map(|(option, words)| Some((rejecting(machine, &option, words)?, option)));
    let rejecting = rejecting.map(|(word, option)| {
        Violation::new(subject(cache, &option), message(cache))
            .at_spot(&word.spot, "only those in this list are let in")
            .help(add_to(&option))
    });
    rejecting.chain(denied(cache, machine)).collect()
}

/// True if a file of people's own names nix-ssh, so that it may be in any group. Which
/// groups it is in only an evaluation tells.
fn may_join_a_group(cache: &CacheContext<'_>, machine: &Machine) -> bool {
    let context = cache.context;
    let is_owned = |path: &RepoPath| context.all_owned().contains_key(&context.repo.shown(path));
    let names_it = |path: &RepoPath| {
        let text = context.repo.text(path).ok().flatten();
        text.is_some_and(|text| text.contains(SSH_USER))
    };
    let mut files = machine.files();
    files.any(|path| !is_owned(path) && names_it(path))
}

/// The lists that deny nix-ssh by name or pattern.
fn denied(cache: &Cache, machine: &Machine) -> impl Iterator<Item = Violation> {
    DENYING.iter().filter_map(|name| {
        let option = sshd_option(name);
        if machine.all(&option).iter().any(crate::survey::Hit::is_conditional) {
            return None;
        }
        let mut words = machine.words(&option).into_iter();
        let word = words.find(|word| denies(&word.text) && !word.text.contains(HOLE))?;
        let violation = Violation::new(subject(cache, &option), message(cache));
        Some(
            violation
                .at_spot(&word.spot, "nobody whom this matches is let in")
                .help(take_out_of(&option, &word.text)),
        )
    })
}

/// True if Nix trusts nix-ssh, or may: it serves whom it trusts, allowed or not.
fn is_trusted(machine: &Machine) -> bool {
    let trusted = machine.nix_words(TRUSTED);
    let by_option = machine.flag("nix.sshServe.trusted");
    machine.is_hidden(TRUSTED)
        || trusted.iter().any(|word| names(&word.text))
        || by_option.is_some_and(|(on, _)| on)
}

/// The first name of a list that lacks nix-ssh.
fn rejecting(machine: &Machine, option: &str, words: Vec<Word>) -> Option<Word> {
    let names_it = |word: &Word| names(&word.text) || word.text.contains(HOLE);
    if machine.is_hidden(option) || words.iter().any(names_it) {
        return None;
    }
    words.into_iter().next()
}

fn evaluated(cache: &EvaluatedCache<'_>) -> Verdict {
    let sshd = &cache.settings.sshd;
    let words = |keyword: &str, list: &Option<Vec<String>>| {
        let in_text = words_of(&sshd.extra_config, keyword).into_iter();
        list.iter().flatten().cloned().chain(in_text).collect()
    };
    let allowing = [
        (
            sshd_option("AllowUsers"),
            words("AllowUsers", &sshd.allow_users),
        ),
        (
            sshd_option("AllowGroups"),
            words("AllowGroups", &sshd.allow_groups),
        ),
        (OF_NIX.to_owned(), cache.settings.words(List::AllowedUsers)),
    ];
    let denying = [
        (
            sshd_option("DenyUsers"),
            words("DenyUsers", &sshd.deny_users),
        ),
        (
            sshd_option("DenyGroups"),
            words("DenyGroups", &sshd.deny_groups),
        ),
    ];
    let is_trusted = has_user(&cache.settings.words(List::TrustedUsers));
    let allowing = allowing
        .iter()
        .filter(|(option, _)| option != OF_NIX || !is_trusted);
    let groups = &cache.settings.serve.groups;
    let is_in = |words: &[String]| groups.iter().any(|group| has_group(words, group));
    let lets_in = |option: &str, words: &[String]| {
        has_user(words) || option.ends_with("Groups") && is_in(words)
    };
    let lacking = allowing.filter(|(option, words)| !words.is_empty() && !lets_in(option, words));
    let lacking = lacking.map(|(option, _)| (option, add_to(option)));
    let naming = denying.iter().filter_map(|(option, words)| {
        let word = words.iter().find(|word| denies(word))?;
        Some((option, take_out_of(option, word)))
    });
    let violation = |(option, help): (&String, String)| {
        let violation = cache.violation_of(subject(cache, option), message(cache));
        violation.help(help)
    };
    Verdict::decided(lacking.chain(naming).map(violation))
}

fn has_user(words: &[String]) -> bool {
    words.iter().any(|word| names(word))
}

fn has_group(words: &[String], group: &str) -> bool {
    words.iter().any(|word| WildMatch::new(word).matches(group))
}

/// The words behind a keyword of sshd's own text, before any `Match`.
fn words_of(text: &str, keyword: &str) -> Vec<String> {
    let blocks = blocks(text);
    let lines = blocks.first().into_iter().flat_map(|all| &all.directives);
    let named = lines.filter(|line| line.keyword.eq_ignore_ascii_case(keyword));
    named.flat_map(|line| line.arguments.clone()).collect()
}

/// True if a word of a list of users or groups is for nix-ssh, from wherever: sshd has
/// patterns and `USER@HOST`, Nix `@GROUP` (`sshd_config(5)`, `nix.conf(5)`).
fn names(word: &str) -> bool {
    let word = word.trim_start_matches('@');
    let name = word.split('@').next().unwrap_or_default();
    WildMatch::new(name).matches(SSH_USER)
}

/// True if a word denies nix-ssh from everywhere.
fn denies(word: &str) -> bool {
    let from = word.split_once('@').map(|(_, host)| host);
    names(word) && from.is_none_or(|host| host == "*")
}

fn sshd_option(keyword: &str) -> String {
    format!("services.openssh.settings.{keyword}")
}

fn subject(cache: &Cache, option: &str) -> Subject {
    Subject::cache(cache).part(option)
}

fn message(cache: &Cache) -> String {
    format!("the cache `{}` rejects its clients' logins", cache.host)
}

fn add_to(option: &str) -> String {
    format!("add `\"{SSH_USER}\"` to `{option}`")
}

fn take_out_of(option: &str, word: &str) -> String {
    format!("take `\"{word}\"` out of `{option}`")
}
