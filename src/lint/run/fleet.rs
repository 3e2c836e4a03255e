//! The checks that judge hosts, caches, links and the fleet.

use rayon::iter::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

use crate::flake::Discovery;
use crate::fleet::Fleet;
use crate::lint::change_set::{ChangeSet, Snapshot};
use crate::lint::check::StaticCheck;
use crate::lint::context::{Context, HostContext, LinkContext};
use crate::lint::finding::Finding;
use crate::lint::order;
use crate::lint::rule::Rule;
use crate::lint::rules::RULES;
use crate::lint::run::ask::findings_of;
use crate::lint::run::files::of_files;
use crate::lint::violation::Violation;
use crate::repo::Repo;
use crate::survey::Survey;
use crate::wiring::ExpectedModules;

/// How many hosts a core takes at a time: none waits long for the other.
const AT_A_TIME: usize = 64;

/// Every finding about a repository with an inventory, by file and place.
pub fn run(fleet: &Fleet, repo: &Repo, flake: &Discovery) -> Vec<Finding> {
    let (survey, all) = (Survey::new(repo), ChangeSet::all());
    let snapshot = Snapshot {
        fleet,
        flake,
        owned: &ExpectedModules::default(),
    };
    with_fleet(snapshot, &survey, &all, of_files(&survey, &all))
}

/// `of_files` together with what the other rules find where the fleet has changed, by
/// file and place.
pub fn with_fleet(
    snapshot: Snapshot<'_>,
    survey: &Survey<'_>,
    changes: &ChangeSet,
    of_files: Vec<Finding>,
) -> Vec<Finding> {
    let context = Context::new(snapshot, survey, changes);
    let found = in_context(&context, of_files);
    context.discard();
    found
}

/// As [`with_fleet`], in a context that others use as well.
pub(super) fn in_context(context: &Context<'_>, of_files: Vec<Finding>) -> Vec<Finding> {
    let (hosts, links) = rayon::join(
        || context.hosts().collect::<Vec<_>>(),
        || context.links().collect::<Vec<_>>(),
    );
    // What only one core can find out begins first, with the longest of it.
    let of_fleet = || {
        context.owned().next();
        of_fleet(context)
    };
    let of_each = || of_each(context, &hosts, &links);
    let (mut by_rule, of_each) = rayon::join(of_fleet, of_each);
    by_rule.extend(of_each);
    by_rule.sort_by_key(|finding| finding.rule().id);
    let mut found = of_files;
    found.extend(by_rule);
    order::by_place(found)
}

fn of_each(
    context: &Context<'_>,
    hosts: &[HostContext<'_>],
    links: &[LinkContext<'_>],
) -> Vec<Finding> {
    let caches: Vec<_> = context.caches().collect();
    let mut found = each(hosts, |check| match check {
        StaticCheck::Host(check) => Some(*check),
        _ => None,
    });
    found.extend(each(links, |check| match check {
        StaticCheck::Link(check) => Some(*check),
        _ => None,
    }));
    found.extend(each(&caches, |check| match check {
        StaticCheck::Cache(check) => Some(*check),
        _ => None,
    }));
    found.extend(of_elsewhere(context));
    found
}

/// What is found about caches that exist elsewhere.
fn of_elsewhere(context: &Context<'_>) -> Vec<Finding> {
    let caches: Vec<_> = context.external_caches().collect();
    let links: Vec<_> = context.external_links().collect();
    let mut found = each(&links, |check| match check {
        StaticCheck::ExternalLink(check) => Some(*check),
        _ => None,
    });
    found.extend(each(&caches, |check| match check {
        StaticCheck::ExternalCache(check) => Some(*check),
        _ => None,
    }));
    found
}

fn of_fleet(context: &Context<'_>) -> Vec<Finding> {
    let rules = RULES.par_iter().with_max_len(1);
    let found = rules.flat_map_iter(|rule| {
        findings_of(rule, |check| match check {
            StaticCheck::Fleet(check)
            | StaticCheck::OwnedModules(check)
            | StaticCheck::Tracking(check) => check(context),
            _ => Vec::new(),
        })
    });
    found.collect()
}

/// What the checks of one kind find in each of these, in their order. One after another
/// is judged by all checks, while it is at hand.
fn each<T: Sync>(
    all: &[T],
    kind: impl Fn(&StaticCheck) -> Option<fn(&T) -> Vec<Violation>>,
) -> Vec<Finding> {
    let checks: Vec<(&'static Rule, _)> = RULES
        .iter()
        .flat_map(|rule| {
            let checks = rule.static_half().iter().filter_map(&kind);
            checks.map(move |check| (rule, check))
        })
        .collect();
    let of_one = |one| {
        checks.iter().flat_map(move |(rule, check)| {
            let found = check(one).into_iter();
            found.map(move |violation| Finding::new(rule, violation))
        })
    };
    let all = all.par_iter().with_max_len(AT_A_TIME);
    all.flat_map_iter(of_one).collect()
}
