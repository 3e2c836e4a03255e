//! Clients of a cache may do anything to it.
//!
//! ## Why is this bad
//! A trusted user of Nix can become root: it may import unsigned paths and set
//! `post-build-hook`. Everyone who holds a client's key would be one. Reading a
//! cache needs no trust.
//!
//! ## Example
//! ```nix
//! nix.settings.trusted-users = [ "root" "nix-ssh" ];
//! ```
//!
//! ## What to do
//! Take `nix-ssh` out.

use crate::diagnostic::Severity;
use crate::fleet::SSH_USER;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::FileContext;
use crate::lint::evaluated::{EvaluatedCache, List};
use crate::lint::rule::Definition;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::{Machine, Word};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::File(in_files)],
    evaluated_half: &[EvaluatedCheck::ServingCache(evaluated)],
};

const OPTION: &str = "nix.settings.trusted-users";

fn in_files(file: &FileContext<'_>) -> Vec<Violation> {
    trusted(file.machine)
        .map(|word| {
            let message = "every client of this cache can become root on it";
            Violation::new(file.subject(), message)
                .at_spot(&word.spot, "trusted with everything")
                .help(help(&word.text))
        })
        .collect()
}

/// Where a file of the cache's host shows it, that finding is enough.
fn evaluated(cache: &EvaluatedCache<'_>) -> Verdict {
    let machine = cache.machine();
    if machine.is_some_and(|machine| trusted(machine).next().is_some()) {
        return Verdict::decided(None);
    }
    let users = cache.settings.words(List::TrustedUsers);
    let violation = users.iter().find(|user| names(user)).map(|user| {
        let message = format!(
            "every client of the cache `{}` can become root on it",
            cache.host
        );
        cache.violation(message).help(help(user))
    });
    Verdict::decided(violation)
}

/// Where a machine's files name the user itself.
fn trusted(machine: &Machine) -> impl Iterator<Item = Word> {
    let words = machine.nix_words(OPTION).into_iter();
    words.filter(|word| word.text.trim_start_matches('@') == SSH_USER)
}

/// True if a word is for the user as whom clients log in.
fn names(word: &str) -> bool {
    let name = word.trim_start_matches('@');
    name == SSH_USER || name.contains('*')
}

fn help(user: &str) -> String {
    format!("take `{user}` out of `{OPTION}`: reading needs no trust")
}
