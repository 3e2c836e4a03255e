//! `doctor` from its arguments to its exit code.

mod checkup;
mod closure;
mod fetch;
mod link;

use std::sync::Arc;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use self::fetch::Checkup;
use super::traced;
use super::write::refuse_unfinished;
use crate::cli::{Exit, Global};
use crate::command::doctor::{self, Doctor, Target};
use crate::diagnostic::Stop;
use crate::doctor::{LinkReport, Report};
use crate::io::doctor::this_machine;
use crate::io::screen::Screen;
use crate::io::workspace::Workspace;
use crate::project::{Afresh, Project};

/// Looks at every client that is asked for.
pub(super) fn run(global: &Global, args: &Doctor, screen: &Screen) -> Result<Exit, Stop> {
    if args.explain.is_some() || args.list {
        return causes(global, args, screen);
    }
    let here = this_machine();
    if let Some(host) = &args.closure.closure {
        return closure::run(global, args, host, &here, screen);
    }
    let project = project(global)?;
    let fleet = project.as_ref().map(Project::fleet).transpose()?;
    let clients = args.clients(fleet, &here)?;
    let checkup = Checkup {
        args,
        here: &here,
        dry_run: global.dry_run,
    };
    let report = in_parallel(&checkup, &clients, screen)?;
    shown(global, &report, screen)?;
    Ok(match report.outcome() {
        "proven" => Exit::Done,
        "broken" => Exit::Findings,
        _ => Exit::Fault,
    })
}

fn causes(global: &Global, args: &Doctor, screen: &Screen) -> Result<Exit, Stop> {
    match &args.explain {
        Some(cause) if global.json => screen.json("done", &doctor::page(cause)?)?,
        Some(cause) => return screen.print(&doctor::explain(cause)?),
        None if global.json => screen.json("done", &doctor::causes())?,
        None => return screen.print(&doctor::list()),
    }
    Ok(Exit::Done)
}

/// The project, where there is an inventory.
fn project(global: &Global) -> Result<Option<Project>, Stop> {
    const NONE: [&str; 4] = ["no-git", "no-flake", "flake-elsewhere", "no-inventory"];
    let workspace = match Workspace::open(&global.start()) {
        Err(stop) if NONE.iter().any(|code| stop.has(code)) => return Ok(None),
        opened => refuse_unfinished(opened?)?,
    };
    let project = traced::project(workspace.repo()?, Arc::new(Afresh));
    match project.fleet() {
        Err(stop) if NONE.iter().any(|code| stop.has(code)) => Ok(None),
        Err(stop) => Err(stop),
        Ok(_) => Ok(Some(project)),
    }
}

fn in_parallel(checkup: &Checkup<'_>, clients: &[Target], screen: &Screen) -> Result<Report, Stop> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(usize::from(checkup.args.jobs))
        .build()
        .map_err(crate::io::fault("cannot start threads"))?;
    let of_client = |client: &Target| {
        screen.passing(&format!("asking {}", client.name));
        checkup.client(client)
    };
    let links: Vec<Vec<LinkReport>> = pool.install(|| clients.par_iter().map(of_client).collect());
    screen.passed();
    Ok(Report {
        links: links.into_iter().flatten().collect(),
    })
}

fn shown(global: &Global, report: &Report, screen: &Screen) -> Result<(), Stop> {
    if global.json {
        return screen.json(report.outcome(), report);
    }
    let text: String = report.links.iter().map(LinkReport::text).collect();
    screen.print(&crate::report::visible_lines(&text)).map(drop)
}
