//! `lint`: why a cache would not be hit, and where the repository and the
//! inventory disagree.

use clap::{Args, ValueEnum};

use super::ask_nix::AskNix;
use super::plan_builder::PlanBuilder;
use super::{Ask, Verb};
use crate::diagnostic::{Diagnostic, Severity, Stop};
use crate::fleet::{Day, Fleet, HostName};
use crate::lint::{self, ChangeSet, Finding, LintCache};
use crate::plan::Plan;
use crate::project::Project;
use crate::steps;

/// Check the repository, without Nix, network or root
///
/// With `--eval` the repository's own Nix is asked as well.
///
/// Exits 0 if there is nothing to report, 1 if there are findings at or above
/// the level of `--deny`, 2 if it could not run. Findings are all that it prints
/// on standard output.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder lint
  larder lint --eval --host pai
  larder lint --base origin/main --format sarif
  larder lint --explain cache-unpinned")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub struct Lint {
    /// How findings are printed [default: github when running there, else human]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// The lowest severity that makes lint fail
    #[arg(long, value_enum, default_value = "error", value_name = "LEVEL")]
    pub deny: Level,
    /// Report only findings that are new since REV
    #[arg(long, value_name = "REV")]
    pub base: Option<String>,
    /// Make the safe corrections, as one commit
    #[arg(long, conflicts_with = "base")]
    pub fix: bool,
    /// Run only the rules that need no inventory
    #[arg(long, conflicts_with = "eval")]
    pub no_inventory: bool,
    /// Ask about this host only. Repeatable [default: every cache and client]
    #[arg(long = "host", value_name = "NAME", requires = "eval")]
    pub hosts: Vec<String>,
    /// Whether Nix is asked.
    #[command(flatten)]
    pub nix: AskNix,
    /// Ignore the cache
    #[arg(long)]
    pub no_cache: bool,
    /// Show the manual page of a rule
    #[arg(long, value_name = "RULE")]
    pub explain: Option<String>,
    /// List the rules
    #[arg(long, conflicts_with = "explain")]
    pub list: bool,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// With snippets, for people.
    Human,
    /// One line each.
    Short,
    /// One JSON object.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub's workflow log.
    Github,
}

/// A severity on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Level {
    /// Everything.
    Note,
    /// Warnings and errors.
    Warning,
    /// Errors only.
    Error,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Note => Self::Note,
            Level::Warning => Self::Warning,
            Level::Error => Self::Error,
        }
    }
}

/// What lint says of a project; without an inventory, the rules that need none.
/// What is in the cache is not found out again, and what is found out is added.
///
/// The inventory and the flake are read while the files are: each takes a core for as
/// long as the other.
///
/// # Errors
/// When the inventory cannot be read, or the flake's hosts cannot be found.
pub fn findings(
    project: &Project,
    today: Option<Day>,
    cache: &LintCache,
) -> Result<Vec<Finding>, Stop> {
    let survey = project.survey();
    let read = || {
        if project.has_inventory() {
            return Ok::<_, Stop>(Some((project.fleet()?, project.flake()?)));
        }
        Ok(None)
    };
    let (of_files, read) = rayon::join(|| lint::of_files(&survey, &ChangeSet::all()), read);
    let Some((fleet, flake)) = read? else {
        return Ok(of_files);
    };
    let changes = cache.change_set(fleet, project.repo());
    let snapshot = lint::Snapshot {
        fleet,
        flake,
        owned: project.owned(),
    };
    let findings = lint::with_fleet(snapshot, &survey, &changes, of_files);
    cache.remember(fleet, project.repo(), &changes, &findings);
    Ok(lint::allowed(fleet, findings, today))
}

/// As [`findings`], as far as Nix's answers about the hosts decide.
///
/// # Errors
/// As [`findings`].
pub fn findings_with_answers(
    project: &Project,
    today: Option<Day>,
    answers: &lint::Answers,
) -> Result<Vec<Finding>, Stop> {
    let (fleet, flake) = (project.fleet()?, project.flake()?);
    let findings = lint::run_evaluated(fleet, project.repo(), flake, answers);
    Ok(lint::allowed(fleet, findings, today))
}

/// The hosts to ask Nix about: those that are named, else every cache and client.
///
/// # Errors
/// When the inventory has no such host.
pub fn to_ask<'a>(fleet: &'a Fleet, args: &Lint) -> Result<Vec<&'a HostName>, Stop> {
    if args.hosts.is_empty() {
        return Ok(lint::concerned(fleet));
    }
    let named = args.hosts.iter();
    let named = named.map(|name| Ok(&fleet.require_host(name)?.name));
    named.collect()
}

/// As [`to_ask`], of an inventory in which those that are named may be missing.
pub fn to_ask_again<'a>(fleet: &'a Fleet, args: &Lint) -> Vec<&'a HostName> {
    if args.hosts.is_empty() {
        return lint::concerned(fleet);
    }
    let named = |name: &&HostName| args.hosts.iter().any(|host| host == name.as_str());
    fleet.hosts.keys().filter(named).collect()
}

/// The manual page of a rule.
///
/// # Errors
/// When there is no such rule, with the name that was probably meant.
pub fn explain(name: &str) -> Result<String, Stop> {
    let rule = lint::rule(name).map_err(Diagnostic::from)?;
    Ok(format!(
        "{}: {}\n\n{}\n",
        rule.severity.word(),
        rule.name(),
        rule.manual()
    ))
}

/// The rules, for programs.
#[derive(Debug, serde::Serialize)]
pub struct Rules {
    rules: Vec<RuleReport>,
}

#[derive(Debug, serde::Serialize)]
struct RuleReport {
    name: &'static str,
    severity: &'static str,
    summary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    manual: Option<String>,
}

/// All rules, for programs.
pub fn rules() -> Rules {
    let rules = lint::RULES.iter().map(rule_report).collect();
    Rules { rules }
}

/// One rule with its manual page, for programs.
///
/// # Errors
/// As [`explain`].
pub fn page(name: &str) -> Result<Rules, Stop> {
    let rule = lint::rule(name).map_err(Diagnostic::from)?;
    let rules = vec![RuleReport {
        manual: Some(rule.manual()),
        ..rule_report(rule)
    }];
    Ok(Rules { rules })
}

fn rule_report(rule: &lint::Rule) -> RuleReport {
    RuleReport {
        name: rule.name(),
        severity: rule.severity.word(),
        summary: rule.summary(),
        manual: None,
    }
}

/// One line a rule: its name, its severity, what is wrong.
pub fn list() -> String {
    let width = lint::RULES
        .iter()
        .map(|rule| rule.name().len())
        .max()
        .unwrap_or(0);
    let line = |rule: &lint::Rule| {
        let (name, severity) = (rule.name(), rule.severity.word());
        format!("{name:width$}  {severity:7}  {}\n", rule.summary())
    };
    lint::RULES.iter().map(line).collect()
}

/// `lint --fix` as a verb that writes.
#[derive(Debug)]
pub struct Fix;

impl Verb for Fix {
    type Request = ();

    const NAME: &'static str = "lint";

    fn complete(self, _: &Project, _: &mut dyn Ask) -> Result<(), Stop> {
        Ok(())
    }

    fn plan(project: &Project, (): &()) -> Result<Plan, Stop> {
        let cache = LintCache::default();
        // Without the day no allowance has expired: what is allowed is left alone.
        findings(project, None, &cache)?;
        let judge = |project: &Project| findings(project, None, &cache).unwrap_or_default();
        let mut builder = PlanBuilder::of(project);
        for (path, text) in lint::fixed(project, judge) {
            builder.write(&path, text);
        }
        let mut plan = builder.finish("larder: correct what lint found");
        if let Ok(fleet) = project.fleet() {
            let paths = plan.changes.iter().map(|(path, _)| path);
            let shown: Vec<String> = paths.map(|path| project.repo().shown(path)).collect();
            plan.steps = steps::in_order(steps::rewired(fleet, &shown));
        }
        Ok(plan)
    }
}
