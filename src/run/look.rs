//! The commands that only look: they read the repository and print what it says.

use std::sync::Arc;

use super::traced;
use super::write::refuse_unfinished;
use crate::cli::{Exit, Global};
use crate::command::{keys, status};
use crate::diagnostic::Stop;
use crate::io::clock;
use crate::io::screen::Screen;
use crate::io::workspace::Workspace;
use crate::project::{Afresh, Project};

fn open(global: &Global) -> Result<Project, Stop> {
    let workspace = refuse_unfinished(Workspace::open(&global.start())?)?;
    Ok(traced::project(workspace.repo()?, Arc::new(Afresh)))
}

/// `keys list`.
pub(super) fn keys(global: &Global, screen: &Screen) -> Result<Exit, Stop> {
    let project = open(global)?;
    let keys = keys::list(project.fleet()?);
    if global.json {
        screen.json("done", &serde_json::json!({ "keys": keys }))?;
        return Ok(Exit::Done);
    }
    screen.keys(&keys)
}

/// `status`.
pub(super) fn status(global: &Global, screen: &Screen) -> Result<Exit, Stop> {
    let project = open(global)?;
    let report = status::report(&project, Some(clock::today()))?;
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
