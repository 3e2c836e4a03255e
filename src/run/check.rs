//! `lint` from its arguments to its exit code.

use std::mem::ManuallyDrop;
use std::path::Path;
use std::sync::Arc;

use super::traced;
use super::write::{Session, refuse_unfinished};
use crate::cli::{Exit, Global};
use crate::command::lint::{self, Format, Lint};
use crate::diagnostic::{Diagnostic, Severity, Stop};
use crate::fleet::HostName;
use crate::io::nix_cli::NixCli;
use crate::io::screen::Screen;
use crate::io::workspace::Workspace;
use crate::io::{clock, lint_cache, trace};
use crate::lint::{Finding, LintCache, new_since, not_run};
use crate::project::Project;
use crate::repo::Repo;
use crate::report;

/// `lint`: findings on standard output, nothing else.
pub(super) fn check(global: &Global, args: &Lint, screen: &Screen) -> Result<Exit, Stop> {
    if args.explain.is_some() || args.list {
        return rules(global, args, screen);
    }
    if args.fix {
        let exit = Session::new(global, screen).fix(!args.no_inventory)?;
        if global.json || global.dry_run {
            return Ok(exit);
        }
    }
    let (workspace, repo, cache) = trace::phase("load", || load(global, args))?;
    let repo = repo.with_hash_lookup(cache.hash_lookup());
    let project = project(repo, cache.clone(), args);
    // The process ends with this: the system takes back at once what would be freed
    // piece by piece.
    let (cache, project) = (ManuallyDrop::new(cache), ManuallyDrop::new(project));
    // Mistakes that keep the rules from running are findings too.
    let judged = || judged(&workspace, &project, args, &cache, screen);
    let mut fault = None;
    let mut findings = match trace::phase("lint", judged) {
        Err(Stop::Refused(mistakes)) => mistakes,
        // What the files show is shown all the same.
        Err(Stop::Fault(why)) if args.nix.eval => {
            fault = Some(why);
            in_files(&project, &cache)?
        }
        judged => judged?,
    };
    if global.json {
        // One object holds it all.
        findings.extend(fault.as_deref().cloned());
    }
    let repo = project.repo();
    if !args.no_cache {
        trace::phase("remember", || lint_cache::store(&workspace, &cache, repo));
    }
    let format = if global.json {
        Some(Format::Json)
    } else {
        args.format
    };
    let outcome = match &fault {
        Some(_) => "failed",
        None if findings.is_empty() => "clean",
        None => "findings",
    };
    screen.findings(&findings, format, outcome, repo.dir().as_str())?;
    say_what_else(repo, &findings, screen)?;
    let deny = Severity::from(args.deny);
    let fails = findings.iter().any(|finding| finding.severity >= deny);
    match fault {
        Some(_) if global.json => Ok(Exit::Fault),
        Some(why) => Err(Stop::Fault(why)),
        None if fails => Ok(Exit::Findings),
        None => Ok(Exit::Done),
    }
}

/// The rules: all of them, or the page of one.
fn rules(global: &Global, args: &Lint, screen: &Screen) -> Result<Exit, Stop> {
    match &args.explain {
        Some(rule) if global.json => screen.json("done", &lint::page(rule)?)?,
        Some(rule) => return screen.print(&lint::explain(rule)?),
        None if global.json => screen.json("done", &lint::rules())?,
        None => return screen.print(&lint::list()),
    }
    Ok(Exit::Done)
}

/// The findings in files, where Nix could not be asked.
fn in_files(project: &Project, cache: &LintCache) -> Result<Vec<Diagnostic>, Stop> {
    let findings = lint::findings(project, Some(clock::today()), cache)?;
    Ok(findings.into_iter().map(Diagnostic::from).collect())
}

fn load(global: &Global, args: &Lint) -> Result<(Workspace, Repo, Arc<LintCache>), Stop> {
    let workspace = open_to_read(&global.start(), args.no_inventory)?;
    let repo = || workspace.repo_and_staged();
    let (cache, repo) = if args.no_cache {
        (LintCache::default(), repo())
    } else {
        lint_cache::load_during(&workspace, repo)
    };
    let repo = repo?;
    Ok((workspace, repo, Arc::new(cache)))
}

fn project(repo: Repo, cache: Arc<LintCache>, args: &Lint) -> Project {
    let project = traced::project(repo, cache);
    if args.no_inventory {
        project.without_inventory()
    } else {
        project
    }
}

fn judged(
    workspace: &Workspace,
    project: &Project,
    args: &Lint,
    cache: &Arc<LintCache>,
    screen: &Screen,
) -> Result<Vec<Diagnostic>, Stop> {
    let now = if args.nix.eval {
        let nix = NixCli::new(workspace, project.repo().has_git(), args.nix.into())?;
        let hosts = lint::to_ask(project.fleet()?, args)?;
        evaluated(&nix, project, &hosts, screen)?
    } else {
        lint::findings(project, Some(clock::today()), cache)?
    };
    let now = match &args.base {
        Some(rev) => new_since(&before(workspace, rev, args, cache, screen)?, now),
        None => now,
    };
    Ok(now.into_iter().map(Diagnostic::from).collect())
}

/// The findings in files, and what Nix says of the hosts.
fn evaluated(
    nix: &NixCli,
    project: &Project,
    hosts: &[&HostName],
    screen: &Screen,
) -> Result<Vec<Finding>, Stop> {
    let answers = nix.settings(hosts, &|line| screen.progress(line))?;
    lint::findings_with_answers(project, Some(clock::today()), &answers)
}

/// What the commit has. An inventory or a flake that could not be read then had no
/// findings of its own.
fn before(
    workspace: &Workspace,
    rev: &str,
    args: &Lint,
    cache: &LintCache,
    screen: &Screen,
) -> Result<Vec<Finding>, Stop> {
    let contents = Arc::new(cache.contents_only());
    let base = project(workspace.at_revision(rev)?, contents.clone(), args);
    if args.nix.eval
        && let Ok(fleet) = base.fleet()
    {
        let nix = NixCli::new(workspace, base.repo().has_git(), args.nix.into())?;
        let nix = nix.at_commit(workspace, &workspace.commit_id(rev)?);
        // Those that are asked about now, as far as they were there.
        let hosts = lint::to_ask_again(fleet, args);
        return evaluated(&nix, &base, &hosts, screen);
    }
    let today = Some(clock::today());
    let before = lint::findings(&base, today, &contents);
    before.or_else(|_| lint::findings(&base.without_inventory(), today, &contents))
}

/// On standard error: how many, and what was not looked at.
fn say_what_else(repo: &Repo, findings: &[Diagnostic], screen: &Screen) -> Result<(), Stop> {
    let count = report::summary(findings);
    if !count.is_empty() {
        screen.status(&count)?;
    }
    let not_run = not_run(repo);
    if !not_run.is_empty() {
        screen.status(&format!("not run without git: {}", not_run.join(", ")))?;
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
