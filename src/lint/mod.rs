//! Findings: where a repository and its inventory disagree, why a cache would
//! not be hit, where a key leaks. Without Nix, network or disk.
//!
//! A rule is one file of `rules/`: its manual page, its severity, its static half, its
//! half that judges Nix's answers, its fix. A check takes values and gives violations;
//! it reads nothing and prints nothing. What it looks at ([`Scope`]) says when it must
//! run again.
//!
//! * `context`, `evaluated`: what the static and the evaluated half see.
//! * `violation`, `subject`, `finding`: what a check reports, about what, under which rule.
//! * `run`: the rules over files, over the fleet, over Nix's answers; what a change
//!   cannot affect (`change_set`) is left out.
//! * `allowances`, `baseline`, `order`, `fix`: what becomes of the findings.
//! * `lint_cache`: what one run leaves for the next.
//!
//! Findings accumulate; nothing here can fail. Absent on purpose: exit codes,
//! output formats, and any order but that of places.

mod algorithms;
mod allowances;
mod baseline;
mod change_set;
mod check;
mod context;
mod evaluated;
mod finding;
mod fix;
mod hand_wiring;
mod key_files;
mod lint_cache;
mod manual;
mod order;
mod rule;
mod rules;
mod run;
mod ssh_lines;
mod sshd_text;
mod subject;
mod unknown_rule;
mod violation;

pub use allowances::{allowed, take_allowed};
pub use baseline::new_since;
pub use change_set::{ChangeSet, Snapshot, affected};
pub use check::Scope;
pub use evaluated::{Answer, Answers};
pub use finding::Finding;
pub use fix::fixed;
pub use lint_cache::LintCache;
pub use manual::manual;
pub use rule::Rule;
pub use rules::{RULES, find as rule};
pub use run::{of_files, run, run_evaluated, with_fleet};
pub use subject::Target;

use crate::fleet::{Fleet, HostName};
use crate::repo::Repo;

/// The hosts that serve or fetch, in order of their names: those to ask Nix about.
pub fn concerned(fleet: &Fleet) -> Vec<&HostName> {
    let hosts = fleet.hosts.values();
    let concerned = hosts.filter(|host| {
        host.nixos
            && (fleet.caches.contains_key(&host.name)
                || fleet.caches_of(host).next().is_some()
                || fleet.external_caches_of(host).next().is_some())
    });
    concerned.map(|host| &host.name).collect()
}

/// The names of the rules that say nothing of this repository, because it is only
/// a folder and git's view is not known.
pub fn not_run(repo: &Repo) -> Vec<&'static str> {
    let need_git = RULES
        .iter()
        .filter(|rule| rule.scope() == Some(Scope::Tracking));
    let not_run = need_git.filter(|_| !repo.has_git());
    not_run.map(Rule::name).collect()
}
