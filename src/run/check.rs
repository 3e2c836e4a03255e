//! `lint` from its arguments to its exit code.

use std::mem::ManuallyDrop;
use std::path::Path;

use super::write::{Session, load_fleet, load_fleet_by, refuse_unfinished};
use crate::cli::{Exit, Global};
use crate::command::lint::{self, Fix, Format, Lint};
use crate::diagnostic::{Diagnostic, Severity, Stop};
use crate::fleet::{Fleet, HostName};
use crate::io::nix::Nix;
use crate::io::screen::Screen;
use crate::io::workspace::Workspace;
use crate::io::{clock, memory};
use crate::lint::{Memory, new_since, not_run};
use crate::repo::Repo;
use crate::report;

/// `lint`: findings on standard output, nothing else.
pub(super) fn check(global: &Global, args: &Lint, screen: &Screen) -> Result<Exit, Stop> {
    if let Some(rule) = &args.explain {
        return screen.print(&lint::explain(rule)?);
    }
    if args.list {
        return screen.print(&lint::list());
    }
    if args.fix {
        let fix = Fix {
            no_inventory: args.no_inventory,
        };
        let exit = Session::new(global, screen).fix(fix)?;
        if global.json || global.dry_run {
            return Ok(exit);
        }
    }
    let workspace = open_to_read(&global.start(), args.no_inventory)?;
    let repo = || workspace.repo_and_staged();
    let (memory, repo) = if args.no_cache {
        (Memory::default(), repo())
    } else {
        memory::load_during(&workspace, repo)
    };
    // The process ends with this: the system takes back at once what would be freed
    // piece by piece.
    let repo = repo?.recalling(memory.recall());
    let (memory, repo) = (ManuallyDrop::new(memory), ManuallyDrop::new(repo));
    // Mistakes that keep the rules from running are findings too.
    let findings = match judged(&workspace, &repo, args, &memory, screen) {
        Err(Stop::Refused(mistakes)) => mistakes,
        judged => judged?,
    };
    if !args.no_cache {
        memory::store(&workspace, &memory, &repo);
    }
    let format = if global.json {
        Some(Format::Json)
    } else {
        args.format
    };
    screen.findings(&findings, format, repo.dir().as_str())?;
    say_what_else(&repo, &findings, screen)?;
    let deny = Severity::from(args.deny);
    let fails = findings.iter().any(|finding| finding.severity >= deny);
    Ok(if fails { Exit::Findings } else { Exit::Done })
}

fn judged(
    workspace: &Workspace,
    repo: &Repo,
    args: &Lint,
    memory: &Memory,
    screen: &Screen,
) -> Result<Vec<Diagnostic>, Stop> {
    let now = if args.nix.eval {
        let nix = Nix::new(workspace, repo.has_git(), args.nix.into())?;
        let fleet = load_fleet(repo)?;
        let hosts = lint::to_ask(&fleet, args)?;
        evaluated(&nix, &fleet, repo, &hosts, screen)?
    } else {
        findings(repo, args, memory)?
    };
    match &args.base {
        Some(rev) => {
            let before = before(workspace, rev, args, memory, screen)?;
            Ok(new_since(&before, now))
        }
        None => Ok(now),
    }
}

fn findings(repo: &Repo, args: &Lint, memory: &Memory) -> Result<Vec<Diagnostic>, Stop> {
    let load = || load_fleet_by(repo, |source| memory.fleet(source));
    let fleet = || (!args.no_inventory).then(load).transpose();
    let survey = ManuallyDrop::new(memory.survey(repo));
    let (findings, meaning) = lint::findings_of(fleet, &survey, Some(clock::today()), memory)?;
    let _ = ManuallyDrop::new(meaning);
    Ok(findings)
}

/// The findings in files, and what Nix says of the hosts.
fn evaluated(
    nix: &Nix,
    fleet: &Fleet,
    repo: &Repo,
    hosts: &[&HostName],
    screen: &Screen,
) -> Result<Vec<Diagnostic>, Stop> {
    let answers = nix.settings(hosts, &|line| screen.progress(line))?;
    lint::findings_with_answers(fleet, repo, Some(clock::today()), &answers)
}

/// What the commit has. An inventory or a flake that could not be read then had no
/// findings of its own.
fn before(
    workspace: &Workspace,
    rev: &str,
    args: &Lint,
    memory: &Memory,
    screen: &Screen,
) -> Result<Vec<Diagnostic>, Stop> {
    let base = workspace.at_revision(rev)?;
    let fleet = load_fleet(&base).ok().filter(|_| !args.no_inventory);
    if let Some(fleet) = fleet.as_ref().filter(|_| args.nix.eval) {
        let nix = Nix::new(workspace, base.has_git(), args.nix.into())?;
        let nix = nix.at_commit(workspace, &workspace.commit_id(rev)?);
        // Those that are asked about now, as far as they were there.
        let hosts = lint::to_ask_again(fleet, args);
        return evaluated(&nix, fleet, &base, &hosts, screen);
    }
    let today = Some(clock::today());
    let old = memory.of_contents();
    let before = lint::findings(fleet.as_ref(), &base, today, &old);
    before.or_else(|_| lint::findings(None, &base, today, &old))
}

/// On standard error: how many, and what was not looked at.
fn say_what_else(repo: &Repo, findings: &[Diagnostic], screen: &Screen) -> Result<(), Stop> {
    let count = report::summary(findings);
    if !count.is_empty() {
        screen.aside(&count)?;
    }
    let not_run = not_run(repo);
    if !not_run.is_empty() {
        screen.aside(&format!("not run without git: {}", not_run.join(", ")))?;
    }
    Ok(())
}

/// Without git a folder can still be judged; the rules that need git say so. The
/// rules that need no inventory need no flake either.
fn open_to_read(start: &Path, anywhere: bool) -> Result<Workspace, Stop> {
    match Workspace::open(start) {
        Err(stop) if stop.has("no-git") => Workspace::open_without_git(start),
        Err(stop) if anywhere && (stop.has("no-flake") || stop.has("flake-elsewhere")) => {
            refuse_unfinished(Workspace::open_here(start)?)
        }
        opened => refuse_unfinished(opened?),
    }
}
