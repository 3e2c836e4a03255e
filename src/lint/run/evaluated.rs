//! Merges the findings in files with what Nix answered: confirms, refutes, adds.
//!
//! A rule's evaluated half is asked about each target of which enough is known. Where
//! it decides, it decides about this target alone: a finding in files stays if the
//! answers show the same (the file shows the place), and goes if they do not; what only
//! they show is added.

use std::collections::HashMap;

use crate::flake::Discovery;
use crate::fleet::{Fleet, Host};
use crate::lint::change_set::{ChangeSet, Snapshot};
use crate::lint::check::EvaluatedCheck;
use crate::lint::context::{Context, HostContext, LinkContext};
use crate::lint::evaluated::{
    Answer, Answers, EvaluatedCache, EvaluatedHost, EvaluatedLink, HostAnswer, Settings,
};
use crate::lint::finding::Finding;
use crate::lint::order;
use crate::lint::rule::{Rule, RuleId};
use crate::lint::rules::RULES;
use crate::lint::run::files::of_files;
use crate::lint::run::fleet::in_context;
use crate::lint::subject::{Subject, Target};
use crate::lint::violation::{Verdict, Violation};
use crate::repo::Repo;
use crate::survey::Survey;
use crate::wiring::ExpectedModules;

/// Every finding about a repository with an inventory, by file and place, as far as
/// these answers decide.
pub fn run_evaluated(
    fleet: &Fleet,
    repo: &Repo,
    flake: &Discovery,
    answers: &Answers,
) -> Vec<Finding> {
    let (survey, all) = (Survey::new(repo), ChangeSet::all());
    let of_files = of_files(&survey, &all);
    let known = answers
        .iter()
        .filter(|(_, answer)| answer.settings().is_some());
    let known = known.map(|(host, _)| host);
    let snapshot = Snapshot {
        fleet,
        flake,
        owned: &ExpectedModules::default(),
    };
    let context = Context::new(snapshot, &survey, &all).with_evaluated(known);
    let in_files = in_context(&context, of_files);
    let mut merge = Merge::of(in_files);
    merge.judge(&context, answers);
    order::by_place(merge.finish())
}

/// The findings in files, and what has become of them.
struct Merge {
    /// Those that are refuted are gone.
    in_files: Vec<Option<Finding>>,
    /// Where in the list those are that one rule has about one target.
    by_target: HashMap<(RuleId, Target), Vec<usize>>,
    /// What only the answers show.
    added: Vec<Finding>,
    /// What the answers show.
    shown: Vec<Subject>,
}

impl Merge {
    fn of(in_files: Vec<Finding>) -> Self {
        let mut by_target: HashMap<_, Vec<usize>> = HashMap::new();
        for (number, finding) in in_files.iter().enumerate() {
            let target = finding.subject().target().clone();
            let about = by_target.entry((finding.rule().id, target)).or_default();
            about.push(number);
        }
        Self {
            in_files: in_files.into_iter().map(Some).collect(),
            by_target,
            added: Vec::new(),
            shown: Vec::new(),
        }
    }

    fn finish(self) -> Vec<Finding> {
        let kept = self.in_files.into_iter().flatten();
        kept.chain(self.added).collect()
    }

    fn judge(&mut self, context: &Context<'_>, answers: &Answers) {
        let settings = |host: &Host| answers.get(&host.name).and_then(Answer::settings);
        for link in context.links() {
            if let Some(client) = settings(link.client) {
                self.judge_link(&link, client, answers);
            }
        }
        for cache in context.caches() {
            if let Some(settings) = settings(cache.server) {
                self.judge_cache(&EvaluatedCache::new(&cache, settings));
            }
        }
        let hosts: Vec<HostContext<'_>> = context.hosts().collect();
        let answers = |host: &HostContext<'_>| answers.get(&host.name);
        for host in &hosts {
            if let Some(answer) = answers(host) {
                self.judge_host(&HostAnswer::new(host, answer));
            }
        }
        for host in &hosts {
            if let Some(settings) = answers(host).and_then(Answer::settings) {
                self.judge_remaining(&EvaluatedHost::new(host, settings));
            }
        }
    }

    /// A link that is not wired yet has findings that say why.
    fn judge_link(&mut self, link: &LinkContext<'_>, client: &Settings, answers: &Answers) {
        let missing = link.context.fleet.missing(link.cache, link.client);
        if !missing.is_empty() {
            return;
        }
        let is_used = client.nix.enable;
        let evaluated = is_used.then(|| EvaluatedLink::new(link, client, answers));
        self.settle(&Target::link(link), |check| match (check, &evaluated) {
            (EvaluatedCheck::Link(check), Some(link)) => check(link),
            (EvaluatedCheck::Link(_) | EvaluatedCheck::LinkSuperseded, _) => Verdict::decided(None),
            _ => Verdict::Open,
        });
    }

    fn judge_cache(&mut self, cache: &EvaluatedCache<'_>) {
        let serves = cache.serves();
        self.settle(&Target::cache(cache), |check| match check {
            EvaluatedCheck::Cache(check) => check(cache),
            EvaluatedCheck::ServingCache(check) if serves => check(cache),
            EvaluatedCheck::ServingCache(_) => Verdict::decided(None),
            _ => Verdict::Open,
        });
    }

    fn judge_host(&mut self, host: &HostAnswer<'_>) {
        let evaluated = host.evaluated();
        self.settle(&Target::host(host), |check| match (check, &evaluated) {
            (EvaluatedCheck::Answer(check), _) => check(host),
            (EvaluatedCheck::Host(check), Some(host)) => check(host),
            (EvaluatedCheck::HostSuperseded, _) if host.is_known() => Verdict::decided(None),
            _ => Verdict::Open,
        });
    }

    fn judge_remaining(&mut self, host: &EvaluatedHost<'_>) {
        let shown = std::mem::take(&mut self.shown);
        self.settle(&Target::host(host), |check| match check {
            EvaluatedCheck::Remaining(check) => check(host, &shown),
            _ => Verdict::Open,
        });
        self.shown = shown;
    }

    /// Asks every check about one target.
    fn settle(&mut self, target: &Target, ask: impl Fn(&EvaluatedCheck) -> Verdict) {
        for rule in RULES {
            for check in rule.evaluated_half() {
                if let Verdict::Decided(violations) = ask(check) {
                    self.decide(rule, target, violations);
                }
            }
        }
    }

    fn decide(&mut self, rule: &'static Rule, target: &Target, violations: Vec<Violation>) {
        let about = self.by_target.get(&(rule.id, target.clone()));
        let about = about.map(Vec::as_slice).unwrap_or_default();
        for number in about {
            let is_shown = |finding: &mut Finding| {
                let mut shown = violations.iter();
                shown.any(|violation| violation.subject == *finding.subject())
            };
            self.in_files[*number].take_if(|finding| !is_shown(finding));
        }
        let in_files = || {
            about
                .iter()
                .filter_map(|number| self.in_files[*number].as_ref())
        };
        for violation in violations {
            self.shown.push(violation.subject.clone());
            if !in_files().any(|finding| *finding.subject() == violation.subject) {
                self.added.push(Finding::new(rule, violation));
            }
        }
    }
}
