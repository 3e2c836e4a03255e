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
pub use eval::{Answer, Answers, concerned, settled};
pub use fix::fixed;
pub use manual::manual;
pub use memory::Memory;
pub use rule::{Reads, Rule};
pub use rules::RULES;
pub use touched::{Side, Touched};

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use crate::diagnostic::Diagnostic;
use crate::flake::Discovery;
use crate::fleet::{Fleet, nearest};
use crate::repo::{Repo, TrackedFile};
use crate::survey::Survey;

use self::context::Context;
use self::rule::Check;

/// Every finding about a repository with an inventory, by file and place.
pub fn run(fleet: &Fleet, repo: &Repo, found: &Discovery) -> Vec<Diagnostic> {
    let survey = Survey::new(repo);
    let of_files = of_files(&survey, &Touched::all());
    with_fleet(fleet, found, &survey, &Touched::all(), of_files)
}

/// What the rules that need no inventory find in the files that are touched, by
/// file and place. The survey then knows what these say.
pub fn of_files(survey: &Survey<'_>, touched: &Touched) -> Vec<Diagnostic> {
    let files = survey
        .repo()
        .files()
        .filter(|file| touched.file(file.path()));
    // The large ones first, and the small ones fill the gaps.
    let is_large = |file: &TrackedFile<'_>| file.size().is_some_and(|bytes| bytes > LARGE);
    let (mut files, small): (Vec<_>, Vec<_>) = files.partition(is_large);
    files.extend(small);
    let mut findings = tree::findings(survey, files);
    findings.extend(tree::staged(survey.repo()));
    order::by_place(findings)
}

/// `of_files` together with what the other rules find where the fleet is touched,
/// by file and place.
pub fn with_fleet(
    fleet: &Fleet,
    found: &Discovery,
    survey: &Survey<'_>,
    touched: &Touched,
    of_files: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let context = Context::new(fleet, survey.repo(), found, survey, touched);
    let (hosts, links) = rayon::join(
        || context.hosts().collect::<Vec<_>>(),
        || context.links().collect::<Vec<_>>(),
    );
    // What only one core can find out begins first, with the longest of it.
    let of_all = || {
        context.owned().next();
        of_the_fleet(&context)
    };
    let of_each = || {
        let mut found = each(&hosts, |check| match check {
            Check::Host(check) => Some(check),
            _ => None,
        });
        found.extend(each(&links, |check| match check {
            Check::Link(check) => Some(check),
            _ => None,
        }));
        found
    };
    let (mut by_rule, of_each) = rayon::join(of_all, of_each);
    by_rule.extend(of_each);
    by_rule.sort_by_key(|(rule, _)| *rule);
    let mut findings = of_files;
    findings.extend(by_rule.into_iter().map(|(_, finding)| finding));
    drop((hosts, links));
    context.let_go();
    order::by_place(findings)
}

/// How many files or hosts a core takes at a time: none waits long for the other.
const AT_A_TIME: usize = 64;

/// A file of more bytes takes as long as many others.
const LARGE: u64 = 100_000;

/// A finding and the place of its rule among all rules.
type Numbered = (usize, Diagnostic);

fn of_the_fleet(context: &Context<'_>) -> Vec<Numbered> {
    let rules = RULES.par_iter().enumerate().with_max_len(1);
    let found = rules.map(|(number, rule)| {
        let found = match rule.check {
            Check::Fleet(check) => named(rule, check(context)),
            _ => Vec::new(),
        };
        found
            .into_iter()
            .map(move |finding| (number, finding))
            .collect::<Vec<_>>()
    });
    found.flatten_iter().collect()
}

/// What the rules of one kind find in each of these, in their order. One after another
/// is judged by all of them, while it is at hand.
fn each<T: Sync>(
    all: &[T],
    kind: impl Fn(&Check) -> Option<&fn(&T) -> Vec<Diagnostic>>,
) -> Vec<Numbered> {
    let rules = RULES.iter().enumerate();
    let rules: Vec<_> = rules
        .filter_map(|(number, rule)| Some((number, rule, kind(&rule.check)?)))
        .collect();
    let of_one = |one| {
        rules.iter().flat_map(move |(number, rule, check)| {
            let found = named(rule, check(one)).into_iter();
            found.map(move |finding| (*number, finding))
        })
    };
    let all = all.par_iter().with_max_len(AT_A_TIME);
    all.flat_map_iter(of_one).collect()
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
