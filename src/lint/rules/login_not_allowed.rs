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
use crate::lint::sshd_text::{SshdLine, SshdText};
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::repo::RepoPath;
use crate::survey::{HOLE, Machine, Strength, Word};

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
    let sshd = SshdLists {
        machine,
        text: SshdText::of_machine(machine, cache.login_user()),
        user: cache.login_user(),
    };
    let of_sshd = OF_SSHD.iter().filter_map(|keyword| {
        let rejecting = rejecting(sshd.words(keyword)?, sshd.user)?;
        let may_pass = keyword.ends_with("Groups") && may_join_a_group(cache, machine);
        (!may_pass).then(|| (rejecting, sshd_option(keyword), sshd.help(keyword)))
    });
    // A client of harmonia's talks to no daemon of Nix's.
    let is_asked = !cache.is_tunnelled();
    let is_known = is_asked && !machine.is_hidden(OF_NIX) && !is_trusted(machine);
    let of_nix = is_known.then(|| rejecting(machine.nix_words(OF_NIX), sshd.user));
    let of_nix = of_nix.flatten();
    let of_nix = of_nix.map(|word| (word, OF_NIX.to_owned(), add_to(OF_NIX, sshd.user)));
    let rejecting = of_sshd.chain(of_nix).map(|(word, option, help)| {
        Violation::new(subject(cache, &option), message(cache))
            .at_spot(&word.spot, "only those in this list are let in")
            .help(help)
    });
    rejecting.chain(denied(cache, &sshd)).collect()
}

/// The lists of sshd, in the modules and in its text.
struct SshdLists<'m> {
    machine: &'m Machine,
    text: SshdText,
    user: &'static str,
}

impl SshdLists<'_> {
    /// The words of a list for the user; `None`: not all of them are known.
    fn words(&self, keyword: &str) -> Option<Vec<Word>> {
        let (option, lower) = (sshd_option(keyword), keyword.to_ascii_lowercase());
        let list = self.text.list(&lower);
        if self.text.is_open(&lower) || !list.replaces && self.machine.is_hidden(&option) {
            return None;
        }
        let of_modules = (!list.replaces).then(|| self.machine.words(&option));
        let of_text = list.lines.iter().flat_map(|line| words_of_line(line));
        Some(of_modules.into_iter().flatten().chain(of_text).collect())
    }

    /// What helps where a list lacks the user: in the modules, if they have the list.
    fn help(&self, keyword: &str) -> String {
        let list = self.text.list(&keyword.to_ascii_lowercase());
        if list.replaces || !self.machine.says(&sshd_option(keyword)) {
            return format!("add `{}` to this line", self.user);
        }
        add_to(&sshd_option(keyword), self.user)
    }
}

impl SshdLists<'_> {
    /// What helps against a word that denies: where it stands.
    fn help_against(&self, keyword: &str, word: &Word) -> String {
        let list = self.text.list(&keyword.to_ascii_lowercase());
        let mut lines = list.lines.iter();
        if lines.any(|line| line.spot() == Some(&word.spot)) {
            return format!("take `{}` out of this line", word.text);
        }
        take_out_of(&sshd_option(keyword), &word.text)
    }
}

fn words_of_line(line: &SshdLine) -> Vec<Word> {
    let word = |text: &String| {
        Some(Word {
            text: text.clone(),
            strength: Strength::Plain,
            spot: line.spot()?.clone(),
        })
    };
    line.arguments().iter().filter_map(word).collect()
}

/// True if a file of people's own names the user, so that it may be in any group. Which
/// groups it is in only an evaluation tells.
fn may_join_a_group(cache: &CacheContext<'_>, machine: &Machine) -> bool {
    let context = cache.context;
    let is_owned = |path: &RepoPath| context.all_owned().contains_key(&context.repo.shown(path));
    let names_it = |path: &RepoPath| {
        let text = context.repo.text(path).ok().flatten();
        text.is_some_and(|text| text.contains(cache.login_user()))
    };
    let mut files = machine.files();
    files.any(|path| !is_owned(path) && names_it(path))
}

/// The lists that deny the user by name or pattern.
fn denied(cache: &Cache, sshd: &SshdLists<'_>) -> Vec<Violation> {
    let of_list = |keyword: &&str| {
        let option = sshd_option(keyword);
        let words = sshd.words(keyword)?;
        if words.iter().any(|word| word.spot.condition.is_some()) {
            return None;
        }
        let mut words = words.into_iter();
        let word = words.find(|word| denies(&word.text, sshd.user) && !word.text.contains(HOLE))?;
        let violation = Violation::new(subject(cache, &option), message(cache));
        Some(
            violation
                .at_spot(&word.spot, "nobody whom this matches is let in")
                .help(sshd.help_against(keyword, &word)),
        )
    };
    DENYING.iter().filter_map(of_list).collect()
}

/// True if Nix trusts nix-ssh, or may: it serves whom it trusts, allowed or not.
fn is_trusted(machine: &Machine) -> bool {
    let trusted = machine.nix_words(TRUSTED);
    let by_option = machine.flag("nix.sshServe.trusted");
    machine.is_hidden(TRUSTED)
        || trusted.iter().any(|word| names(&word.text, SSH_USER))
        || by_option.is_some_and(|(on, _)| on)
}

/// The first name of a list that lacks the user.
fn rejecting(words: Vec<Word>, user: &str) -> Option<Word> {
    let names_it = |word: &Word| names(&word.text, user) || word.text.contains(HOLE);
    if words.iter().any(names_it) {
        return None;
    }
    words.into_iter().next()
}

fn evaluated(cache: &EvaluatedCache<'_>) -> Verdict {
    let sshd = &cache.settings.sshd;
    let text = SshdText::of(&sshd.extra_config, cache.login_user());
    let keywords = OF_SSHD.iter().chain(DENYING);
    let mut keywords = keywords.map(|keyword| keyword.to_ascii_lowercase());
    if keywords.any(|keyword| text.is_open(&keyword)) {
        return Verdict::Open;
    }
    let words = |keyword: &str, list: &Option<Vec<String>>| {
        let keyword = keyword.to_ascii_lowercase();
        let in_text = text.list(&keyword);
        let of_settings = list.iter().flatten().filter(|_| !in_text.replaces);
        let lines = in_text.lines.iter();
        let of_text = lines.flat_map(|line| line.arguments());
        of_settings.chain(of_text).cloned().collect()
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
    let user = cache.login_user();
    let is_trusted = has_user(&cache.settings.words(List::TrustedUsers), SSH_USER);
    let allowing = allowing
        .iter()
        .filter(|(option, _)| option != OF_NIX || !is_trusted && !cache.is_tunnelled());
    let groups = &cache.settings.serve.groups;
    let is_in = |words: &[String]| groups.iter().any(|group| has_group(words, group));
    let lets_in = |option: &str, words: &[String]| {
        has_user(words, user) || option.ends_with("Groups") && is_in(words)
    };
    let lacking = allowing.filter(|(option, words)| !words.is_empty() && !lets_in(option, words));
    let lacking = lacking.map(|(option, _)| (option, add_to(option, user)));
    let naming = denying.iter().filter_map(|(option, words)| {
        let word = words.iter().find(|word| denies(word, user))?;
        Some((option, take_out_of(option, word)))
    });
    let violation = |(option, help): (&String, String)| {
        let violation = cache.violation_of(subject(cache, option), message(cache));
        violation.help(help)
    };
    Verdict::decided(lacking.chain(naming).map(violation))
}

fn has_user(words: &[String], user: &str) -> bool {
    words.iter().any(|word| names(word, user))
}

fn has_group(words: &[String], group: &str) -> bool {
    words.iter().any(|word| WildMatch::new(word).matches(group))
}

/// True if a word of a list of users or groups is for the user, from wherever: sshd has
/// patterns and `USER@HOST`, Nix `@GROUP` (`sshd_config(5)`, `nix.conf(5)`).
fn names(word: &str, user: &str) -> bool {
    let word = word.trim_start_matches('@');
    let name = word.split('@').next().unwrap_or_default();
    WildMatch::new(name).matches(user)
}

/// True if a word denies the user from everywhere.
fn denies(word: &str, user: &str) -> bool {
    let from = word.split_once('@').map(|(_, host)| host);
    names(word, user) && from.is_none_or(|host| host == "*")
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

fn add_to(option: &str, user: &str) -> String {
    format!("add `\"{user}\"` to `{option}`")
}

fn take_out_of(option: &str, word: &str) -> String {
    format!("take `\"{word}\"` out of `{option}`")
}
