//! `nix.extraOptions` overrides a list that other modules add to.
//!
//! ## Why is this bad
//! The text is at the end of nix.conf, and the last line of a name wins:
//! `substituters = …` there drops every entry of `nix.settings.substituters`, of
//! all modules. On a cache, `secret-key-files = …` drops the key with which larder has it
//! sign: its clients ignore what it builds.
//!
//! ## Example
//! ```nix
//! nix.extraOptions = ''
//!   substituters = https://cache.example.org
//! '';
//! ```
//!
//! ## What to do
//! Write `nix.settings.substituters = [ … ];`, or `extra-substituters = …` in the
//! text; the same with the other names.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::{CacheContext, FileContext};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::survey::{Line, Machine};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[
        StaticCheck::File(replaced),
        StaticCheck::Cache(signing_key_replaced),
    ],
    evaluated_half: &[],
};

const LISTS: &[&str] = &["substituters", "trusted-public-keys"];

const SIGNING_KEYS: &str = "secret-key-files";

fn replaced(file: &FileContext<'_>) -> Vec<Violation> {
    let lines = file.machine.nix_conf().into_iter();
    let replacing = lines.filter(|line| LISTS.contains(&line.name.as_str()));
    replacing
        .map(|line| violation(file.subject().part(&line.name), &line))
        .collect()
}

/// On a machine that larder adds no key to, the text may well be the only place.
fn signing_key_replaced(cache: &CacheContext<'_>) -> Vec<Violation> {
    let machine = cache.machine().filter(|_| !cache.is_adopted());
    let lines = machine.into_iter().flat_map(Machine::nix_conf);
    let replacing = lines.filter(|line| line.name == SIGNING_KEYS);
    replacing
        .map(|line| violation(Subject::cache(cache).part(SIGNING_KEYS), &line))
        .collect()
}

fn violation(subject: Subject, line: &Line) -> Violation {
    let name = &line.name;
    let message = format!("this overrides all of `nix.settings.{name}`");
    Violation::new(subject, message)
        .at_spot(&line.spot, "the last line of a name wins")
        .help(format!("write `nix.settings.{name} = [ … ];` instead"))
}
