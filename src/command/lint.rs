//! `lint`: why a cache would not be hit, and where the repository and the
//! inventory disagree.

use clap::{Args, ValueEnum};

use super::ask_nix::AskNix;
use super::draft::Draft;
use super::{Ask, Verb};
use crate::diagnostic::{Diagnostic, Severity, Stop};
use crate::flake::{self, Found};
use crate::fleet::{Day, Fleet, HostName};
use crate::lint::{self, Memory, Touched};
use crate::plan::Plan;
use crate::repo::Repo;
use crate::survey::Survey;

/// Check the repository, without Nix, network or root
///
/// With `--eval` the repository's own Nix is asked as well.
///
/// Exits 0 if there is nothing to report, 1 if there are findings at or above
/// the level of `--deny`, 2 if it could not run. Findings are all that it prints
/// on standard output.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
pub struct Lint {
    /// How findings are printed [default: github when running there, else human]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// The least severity that makes it fail
    #[arg(long, value_enum, default_value = "error", value_name = "LEVEL")]
    pub deny: Level,
    /// Report only what the commit REV has not
    #[arg(long, value_name = "REV")]
    pub base: Option<String>,
    /// Make the corrections that are safe, as one commit
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
    /// Judge every file anew, and remember nothing for the next run
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

/// An inventory, and the hosts that the flake has.
pub type Meaning = (Fleet, Found);

/// What lint says of a repository; without an inventory, the rules that need none.
/// What the memory has is not found out again, and what is found out is added.
///
/// # Errors
/// When the flake's hosts cannot be found.
pub fn findings(
    fleet: Option<&Fleet>,
    repo: &Repo,
    today: Option<Day>,
    memory: &Memory,
) -> Result<Vec<Diagnostic>, Stop> {
    let load = || Ok::<_, Stop>(fleet.cloned());
    let (findings, _) = findings_of(load, &memory.survey(repo), today, memory)?;
    Ok(findings)
}

/// As [`findings`], of a repository that is surveyed with this memory, and with an
/// inventory that is read while the files are: each takes a core for as long as the
/// other. With them comes what they were judged by.
///
/// # Errors
/// When the inventory cannot be read, or the flake's hosts cannot be found.
pub fn findings_of(
    fleet: impl FnOnce() -> Result<Option<Fleet>, Stop> + Send,
    survey: &Survey<'_>,
    today: Option<Day>,
    memory: &Memory,
) -> Result<(Vec<Diagnostic>, Option<Meaning>), Stop> {
    let repo = survey.repo();
    let meaning = || match fleet()? {
        Some(fleet) => {
            let found = memory.discover(repo)?;
            let touched = memory.touched(&fleet, repo);
            Ok::<_, Stop>(Some(((fleet, found), touched)))
        }
        None => Ok(None),
    };
    let (of_files, meaning) = rayon::join(|| lint::of_files(survey, &Touched::all()), meaning);
    let Some((meaning, touched)) = meaning? else {
        return Ok((of_files, None));
    };
    let (fleet, found) = &meaning;
    let findings = lint::with_fleet(fleet, found, survey, &touched, of_files);
    memory.judged(fleet, repo, &touched, &findings);
    let findings = lint::allowed(fleet, findings, today);
    Ok((findings, Some(meaning)))
}

/// As [`findings`], settled by what Nix says of the hosts.
///
/// # Errors
/// As [`findings`].
pub fn findings_with_answers(
    fleet: &Fleet,
    repo: &Repo,
    today: Option<Day>,
    answers: &lint::Answers,
) -> Result<Vec<Diagnostic>, Stop> {
    let found = flake::discover(repo)?;
    let in_files = lint::run(fleet, repo, &found);
    let settled = lint::settled(fleet, in_files, answers);
    Ok(lint::allowed(fleet, settled, today))
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
    match lint::rule(name) {
        Some(rule) => Ok(format!(
            "{}: {}\n\n{}\n",
            rule.severity.word(),
            rule.name,
            rule.manual()
        )),
        None => Err(lint::no_rule(name).into()),
    }
}

/// One line a rule: its name, what its findings are at worst, what is wrong.
pub fn list() -> String {
    let width = lint::RULES
        .iter()
        .map(|rule| rule.name.len())
        .max()
        .unwrap_or(0);
    let line = |rule: &lint::Rule| {
        let (name, severity) = (rule.name, rule.severity.word());
        format!("{name:width$}  {severity:7}  {}\n", rule.summary())
    };
    lint::RULES.iter().map(line).collect()
}

/// `lint --fix` as a verb that writes.
#[derive(Debug)]
pub struct Fix {
    /// Only by the rules that need no inventory.
    pub no_inventory: bool,
}

impl Verb for Fix {
    type Request = bool;

    const NAME: &'static str = "lint";

    fn complete(self, _: &Fleet, _: &Repo, _: &mut dyn Ask) -> Result<bool, Stop> {
        Ok(!self.no_inventory)
    }

    fn plan(fleet: &Fleet, repo: &Repo, with_inventory: &bool) -> Result<Plan, Stop> {
        let fleet = Some(fleet).filter(|_| *with_inventory);
        let memory = Memory::default();
        // Without the day no allowance has expired: what is allowed is left alone.
        findings(fleet, repo, None, &memory)?;
        let judge = |repo: &Repo| findings(fleet, repo, None, &memory).unwrap_or_default();
        let mut draft = Draft::of(repo);
        for (path, text) in lint::fixed(repo, judge) {
            draft.write(&path, text);
        }
        Ok(draft.finish("larder: correct what lint found"))
    }
}
