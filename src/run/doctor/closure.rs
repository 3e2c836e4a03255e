//! `doctor --closure`: Nix evaluates the host here, its machine says what is where, and the
//! machines of its caches say what they have instead.

use std::sync::Arc;
use std::time::Duration;

use super::link::machine;
use crate::cli::{Exit, Global};
use crate::command::doctor::{Doctor, Target};
use crate::diagnostic::{Diagnostic, Stop};
use crate::doctor::{Availability, CacheNames, Closure, ClosureReport};
use crate::io::doctor::{Machine, derivation};
use crate::io::nix_cli::{Bounds, NixCli};
use crate::io::screen::Screen;
use crate::io::workspace::Workspace;
use crate::project::Afresh;
use crate::run::traced;
use crate::run::write::refuse_unfinished;

/// So deep goes no system; it is bounded all the same.
const ROUNDS: usize = 200;

/// What the evaluation of one host may take.
fn bounds(online: bool) -> Bounds {
    Bounds {
        time: Duration::from_mins(5),
        memory: 4096,
        online,
    }
}

/// Shows how much of a host's closure its caches have.
pub(super) fn run(
    global: &Global,
    args: &Doctor,
    host: &str,
    here: &str,
    screen: &Screen,
) -> Result<Exit, Stop> {
    let workspace = refuse_unfinished(Workspace::open(&global.start())?)?;
    let project = traced::project(workspace.repo()?, Arc::new(Afresh));
    let (host, target) = Doctor::closure_client(project.fleet()?, host, here)?;
    let nix = NixCli::new(
        &workspace,
        project.repo().has_git(),
        bounds(args.closure.online),
    )?;
    screen.passing(&format!("asking Nix about `{}`", host.name));
    let root = nix.system_derivation(&host.name)?;
    let client = target
        .way
        .as_ref()
        .map_or(Machine::Here, |way| machine(way, here));
    let closure = walk(&root, &client, &target, screen)?;
    let absent = closure.absent();
    let (names, notes) = if args.no_server || absent.is_empty() {
        (Vec::new(), Vec::new())
    } else {
        ask_caches(&target, &absent, here)
    };
    screen.passed();
    let mut report: ClosureReport = closure.report(&names);
    report.notes = notes;
    if global.json {
        screen.json("done", &report)?;
    } else {
        screen.print(&crate::report::visible_lines(&report.text()))?;
    }
    Ok(if report.is_whole() {
        Exit::Done
    } else {
        Exit::Fault
    })
}

fn walk(root: &str, client: &Machine, target: &Target, screen: &Screen) -> Result<Closure, Stop> {
    let mut closure = Closure::of(root);
    for _ in 0..ROUNDS {
        let paths = closure.round(&derivation);
        if paths.is_empty() {
            break;
        }
        screen.passing(&format!(
            "asking {} about {} paths",
            target.name,
            paths.len()
        ));
        let transcript = client
            .closure(&paths)
            .map_err(|why| unasked(target, &why))?;
        let found = Availability::read(&transcript);
        if !found.is_known {
            return Err(unasked(target, "its Nix store does not answer"));
        }
        closure.answer(&found);
    }
    Ok(closure)
}

fn unasked(target: &Target, why: &str) -> Stop {
    let message = format!("`{}` was not asked: {why}", target.name);
    let error = Diagnostic::error("machine-not-asked", message).about(&target.name);
    Stop::fault(error.help(format!("`ssh {}` has to get there", target.name)))
}

/// What the machines of the client's caches have under the names of these paths.
fn ask_caches(target: &Target, absent: &[String], here: &str) -> (Vec<CacheNames>, Vec<String>) {
    let mut names = Vec::new();
    let mut notes = Vec::new();
    for (expected, way) in &target.links {
        match machine(way, here).same_names(absent) {
            Ok(transcript) => names.push(CacheNames::read(&transcript)),
            Err(why) => notes.push(format!(
                "`{}` was not asked what it has instead: {why} (`--no-server` leaves it out)",
                expected.cache
            )),
        }
    }
    (names, notes)
}
