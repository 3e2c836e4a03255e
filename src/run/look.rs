//! The commands that only look: they read the repository and print what it says.

use std::sync::Arc;

use super::traced;
use super::write::refuse_unfinished;
use crate::cli::{Exit, Global};
use crate::command::explain::{self, Explain};
use crate::command::export::{self, Export};
use crate::command::graph::{self, Graph};
use crate::command::keys;
use crate::command::rotate::{self, Since};
use crate::command::status::live::{self, HostState};
use crate::command::status::{self, Status};
use crate::command::{Ask, LINES};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Fleet, Host, INVENTORY};
use crate::io::ask::Terminal;
use crate::io::clock;
use crate::io::machines;
use crate::io::nix_cli::NixCli;
use crate::io::screen::Screen;
use crate::io::workspace::Workspace;
use crate::lint::Answer;
use crate::project::{Afresh, Project};

fn open(global: &Global) -> Result<(Workspace, Project), Stop> {
    let workspace = refuse_unfinished(Workspace::open(&global.start())?)?;
    let project = traced::project(workspace.repo()?, Arc::new(Afresh));
    Ok((workspace, project))
}

/// `keys list`.
pub(super) fn keys(global: &Global, screen: &Screen) -> Result<Exit, Stop> {
    let (_, project) = open(global)?;
    let keys = keys::list(project.fleet()?);
    if global.json {
        screen.json("done", &serde_json::json!({ "keys": keys }))?;
        return Ok(Exit::Done);
    }
    screen.keys(&keys)
}

/// `rotate` alone.
pub(super) fn rotations(global: &Global, live: bool, screen: &Screen) -> Result<Exit, Stop> {
    let (workspace, project) = open(global)?;
    let look_back = |since: &mut Since| match project.repo().path(INVENTORY) {
        Some(path) => workspace.versions(&path, &mut |text, day| since.look(text, day)),
        None => Ok(()),
    };
    let mut machines = Terminal::new(global, &workspace);
    let live = live.then_some(&mut machines as &mut dyn Ask);
    let report = rotate::report(&project, &look_back, live)?;
    if global.json {
        screen.json("done", &report)?;
        return Ok(Exit::Done);
    }
    screen.print(&report.text())
}

/// `status`.
pub(super) fn status(global: &Global, args: &Status, screen: &Screen) -> Result<Exit, Stop> {
    let (_, project) = open(global)?;
    let mut report = status::report(&project, Some(clock::today()))?;
    if args.live {
        let fleet = project.fleet()?;
        let machines = ask_machines(fleet, screen)?;
        report = report.with_machines(fleet, machines);
    }
    let (exit, outcome) = if report.is_open() {
        (Exit::Findings, "open")
    } else {
        (Exit::Done, "done")
    };
    if global.json {
        screen.json(outcome, &report)?;
    } else {
        screen.print(&report.text())?;
        screen.all_notes(report.notes())?;
        screen.steps(report.steps())?;
    }
    Ok(exit)
}

fn ask_machines(fleet: &Fleet, screen: &Screen) -> Result<Vec<HostState>, Stop> {
    let questions = live::questions(fleet);
    let hosts: Vec<&Host> = questions.iter().map(|(host, _)| *host).collect();
    if hosts.is_empty() {
        return Ok(Vec::new());
    }
    screen.progress(&machines::asking(&hosts));
    let replies = machines::first_lines(&questions, LINES)?.into_iter();
    let answers = hosts.into_iter().zip(replies);
    let states = answers.map(|(host, reply)| live::judge(fleet, host, reply));
    Ok(states.collect())
}

/// `explain`.
pub(super) fn explain(global: &Global, args: &Explain, screen: &Screen) -> Result<Exit, Stop> {
    let (workspace, project) = open(global)?;
    let host = &project.fleet()?.require_host(&args.host)?.name;
    let answer = if args.nix.eval {
        let nix = NixCli::new(&workspace, project.repo().has_git(), args.nix.into())?;
        let answers = nix.settings(&[host], &|line| screen.progress(line))?;
        Some(evaluated(host, answers.into_values().next())?)
    } else {
        None
    };
    let report = explain::report(&project, host, answer.as_ref())?;
    if global.json {
        screen.json("done", &report)?;
        return Ok(Exit::Done);
    }
    screen.print(&report.text())
}

/// The settings, or why there are none.
fn evaluated(host: &str, answer: Option<Answer>) -> Result<Answer, Stop> {
    match answer {
        Some(Answer::Failed { why, .. }) => Err(why.into()),
        Some(answer @ Answer::Settings(_)) => Ok(answer),
        Some(Answer::Absent) | None => {
            let message = format!("the flake has no host `{host}`");
            Err(Diagnostic::error("host-not-in-flake", message)
                .about(host)
                .into())
        }
    }
}

/// `graph`.
pub(super) fn graph(global: &Global, args: &Graph, screen: &Screen) -> Result<Exit, Stop> {
    let (_, project) = open(global)?;
    let report = graph::report(&project)?;
    if global.json {
        screen.json("done", &report)?;
        return Ok(Exit::Done);
    }
    screen.print(&graph::text(&report, args.format))
}

/// `export`.
pub(super) fn export(global: &Global, args: &Export, screen: &Screen) -> Result<Exit, Stop> {
    let (_, project) = open(global)?;
    let report = export::report(&project, args)?;
    if global.json {
        screen.json("done", &report)?;
        return Ok(Exit::Done);
    }
    for note in report.notes() {
        screen.progress(&note);
    }
    screen.print(report.text())
}
