//! sshd or Nix on a cache turns its clients away.
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
//! Add `"nix-ssh"` to the list.

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::Cache;
use crate::lint::context::{Context, USER};
use crate::lint::finding::{at, error};
use crate::lint::rule::Check;
use crate::survey::{HOLE, Machine, Word};

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Fleet(check);

const SSHD: &[&str] = &["AllowUsers", "AllowGroups"];

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let caches = context.caches();
    caches.flat_map(|cache| of_cache(context, cache)).collect()
}

fn of_cache(context: &Context<'_>, cache: &Cache) -> Vec<Diagnostic> {
    let Some(machine) = context.machine(context.fleet.server(cache)) else {
        return Vec::new();
    };
    let sshd = SSHD
        .iter()
        .map(|name| format!("services.openssh.settings.{name}"));
    let sshd = sshd.filter_map(|option| {
        Some((
            turned_away(machine, &option, machine.words(&option))?,
            option,
        ))
    });
    let nix = "nix.settings.allowed-users".to_owned();
    let of_nix = turned_away(machine, &nix, machine.nix_words(&nix));
    let all = sshd.chain(of_nix.map(|word| (word, nix)));
    all.map(|(word, option)| finding(cache, &option, &word))
        .collect()
}

/// The first name of a list that lacks nix-ssh.
fn turned_away(machine: &Machine, option: &str, words: Vec<Word>) -> Option<Word> {
    if machine.is_hidden(option) || words.iter().any(|word| lets_in(&word.text)) {
        return None;
    }
    words.into_iter().next()
}

fn lets_in(text: &str) -> bool {
    let name = text.trim_start_matches('@');
    let name = name.split('@').next().unwrap_or_default();
    name == USER || name.contains('*') || text.contains(HOLE)
}

fn finding(cache: &Cache, option: &str, word: &Word) -> Diagnostic {
    let name = &cache.host;
    let finding = error(format!("the cache `{name}` turns its clients away"))
        .help(format!("add `\"{USER}\"` to `{option}`"))
        .about(format!("{name} {option}"));
    at(finding, &word.spot, "only those in this list are let in")
}
