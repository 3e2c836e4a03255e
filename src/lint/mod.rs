//! Findings: where a repository and its inventory disagree, why a cache would
//! not be hit, where a key leaks. Without Nix, network or disk.
//!
//! A rule is one file of `rules/`, whose header is its manual page. It takes
//! values and gives findings; it reads nothing and prints nothing. What it looks
//! at ([`Reads`]) says when it must run again.
//!
//! Findings accumulate; nothing here can fail. Absent on purpose: exit codes,
//! output formats, and any order but that of places.

mod allow;
mod compare;
mod context;
mod eval;
mod finding;
mod fix;
mod keys;
mod manual;
mod order;
mod rule;
mod rules;
mod ssh;
mod tree;

pub use allow::allowed;
pub use compare::new_since;
pub use eval::{Answer, Answers, Settings, concerned, settled};
pub use fix::fixed;
pub use manual::manual;
pub use rule::{Reads, Rule};
pub use rules::RULES;

use crate::diagnostic::Diagnostic;
use crate::flake::Found;
use crate::fleet::{Fleet, nearest};
use crate::repo::Repo;
use crate::survey::Survey;

use self::context::Context;
use self::rule::Check;

/// Every finding about a repository with an inventory, by file and place.
pub fn run(fleet: &Fleet, repo: &Repo, found: &Found) -> Vec<Diagnostic> {
    let context = Context::new(fleet, repo, found);
    let mut findings = tree::findings(context.survey(), repo);
    for rule in RULES {
        findings.extend(match rule.check {
            Check::Fleet(check) => named(rule, check(&context)),
            Check::Host(check) => context
                .hosts()
                .flat_map(|host| named(rule, check(&host)))
                .collect(),
            Check::Link(check) => context
                .links()
                .flat_map(|link| named(rule, check(&link)))
                .collect(),
            Check::Text(_)
            | Check::Nix(_)
            | Check::Allowance(_)
            | Check::Answer(_)
            | Check::Way(_) => Vec::new(),
        });
    }
    order::by_place(findings)
}

/// The findings of the rules that need no inventory, by file and place.
pub fn run_without_inventory(repo: &Repo) -> Vec<Diagnostic> {
    order::by_place(tree::findings(&Survey::new(repo), repo))
}

/// The names of the rules that say nothing of this repository, because it is only
/// a folder and git's view is not known.
pub fn not_run(repo: &Repo) -> Vec<&'static str> {
    let need_git = ["file-untracked"].into_iter();
    need_git.filter(|_| !repo.has_git()).collect()
}

/// That there is no rule of this name, with the one that was probably meant.
pub fn no_rule(name: &str) -> Diagnostic {
    let shown = name.escape_debug();
    let problem = Diagnostic::error("unknown-rule", format!("there is no rule `{shown}`"));
    match nearest(name, RULES.iter().map(|rule| rule.name)) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help("`larder lint --list` shows all"),
    }
}

/// The rule of this name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

fn named(rule: &Rule, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let stamp = |mut finding: Diagnostic| {
        finding.code = rule.name;
        finding
    };
    findings.into_iter().map(stamp).collect()
}
