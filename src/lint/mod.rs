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
mod memory;
mod order;
mod rule;
mod rules;
mod ssh;
mod touched;
mod tree;

pub use allow::allowed;
pub use compare::new_since;
pub use eval::{Answer, Answers, Settings, concerned, settled};
pub use fix::fixed;
pub use manual::manual;
pub use memory::Memory;
pub use rule::{Reads, Rule};
pub use rules::RULES;
pub use touched::{Side, Touched};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::diagnostic::Diagnostic;
use crate::flake::Found;
use crate::fleet::{Fleet, nearest};
use crate::repo::Repo;
use crate::survey::Survey;

use self::context::{Context, HostContext, LinkContext};
use self::rule::Check;

/// Every finding about a repository with an inventory, by file and place.
pub fn run(fleet: &Fleet, repo: &Repo, found: &Found) -> Vec<Diagnostic> {
    let survey = Survey::new(repo);
    let of_files = of_files(&survey, &Touched::all());
    with_fleet(fleet, found, &survey, &Touched::all(), of_files)
}

/// What the rules that need no inventory find in the files that are touched, by
/// file and place. The survey then knows what these say.
pub fn of_files(survey: &Survey<'_>, touched: &Touched) -> Vec<Diagnostic> {
    let paths = survey.repo().tracked().filter(|path| touched.file(path));
    let mut findings = tree::findings(survey, paths.collect());
    findings.extend(tree::staged(survey.repo()));
    order::by_place(findings)
}

/// `of_files` together with what the other rules find where the fleet is touched,
/// by file and place.
pub fn with_fleet(
    fleet: &Fleet,
    found: &Found,
    survey: &Survey<'_>,
    touched: &Touched,
    of_files: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let context = Context::new(fleet, survey.repo(), found, survey, touched);
    let hosts: Vec<_> = context.hosts().collect();
    let links: Vec<_> = context.links().collect();
    // What only one core can find out begins first, with the longest of it.
    let of_all = || {
        context.all_owned();
        by_rule(|rule| of_the_fleet(rule, &context))
    };
    let (of_all, of_each) = rayon::join(of_all, || by_rule(|rule| of_parts(rule, &hosts, &links)));
    let by_rule = of_all.into_iter().zip(of_each);
    let by_rule = by_rule.map(|(all, each)| all.into_iter().chain(each));
    let mut findings = of_files;
    findings.extend(by_rule.flatten());
    order::by_place(findings)
}

fn by_rule(found: impl Fn(&Rule) -> Vec<Diagnostic> + Send + Sync) -> Vec<Vec<Diagnostic>> {
    RULES.par_iter().map(found).collect()
}

fn of_the_fleet(rule: &Rule, context: &Context<'_>) -> Vec<Diagnostic> {
    match rule.check {
        Check::Fleet(check) => named(rule, check(context)),
        _ => Vec::new(),
    }
}

fn of_parts(rule: &Rule, hosts: &[HostContext<'_>], links: &[LinkContext<'_>]) -> Vec<Diagnostic> {
    match rule.check {
        Check::Host(check) => each(rule, hosts, check),
        Check::Link(check) => each(rule, links, check),
        _ => Vec::new(),
    }
}

/// What a rule finds in each of these, in their order.
fn each<T: Sync>(rule: &Rule, all: &[T], check: fn(&T) -> Vec<Diagnostic>) -> Vec<Diagnostic> {
    let found = all.par_iter().flat_map_iter(|one| named(rule, check(one)));
    found.collect()
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
