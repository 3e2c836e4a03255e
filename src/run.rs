//! The driver: the one place that shows the whole sequence.
//!
//! load → complete → plan → check → show → confirm → lock, reload, replan →
//! write all or none → commit.

mod agreement;
mod arguments;
mod check;
mod demo;
mod doctor;
mod help;
mod json;
mod look;
mod man;
mod plan_view;
mod prove;
mod recorded;
mod traced;
mod write;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use self::write::Session;
use crate::cli::{Cli, Command, Exit, Global, Man as ManualArgs};
use crate::command::keys::Action;
use crate::diagnostic::Stop;
use crate::fleet;
use crate::io::completion;
use crate::io::screen::Screen;
use crate::io::trace;

/// Runs larder with these arguments, the program's name first.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    if completion::answer(&args) {
        return ExitCode::SUCCESS;
    }
    let args = arguments::with_help_first(args);
    let parsed = Cli::try_parse_from(&args);
    if let Err(stop) = arguments::refuse_secrets(&args) {
        let global = parsed.map_or_else(|_| arguments::global_of(&args), |cli| cli.global);
        return Screen::new(&global, "").stop(&stop).into();
    }
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => return usage(&error, &args),
    };
    let screen = Screen::new(&cli.global, cli.verb.name());
    trace::start(cli.global.verbose);
    let result = dispatch(cli, &screen);
    trace::summary();
    match result {
        Ok(exit) => exit.into(),
        Err(stop) => screen.stop(&stop).into(),
    }
}

/// Help and version go to standard output and are no error.
fn usage(error: &clap::Error, args: &[OsString]) -> ExitCode {
    let global = arguments::global_of(args);
    if global.json && error.use_stderr() {
        let stop = Stop::fault(arguments::wrong_usage(error));
        return Screen::new(&global, "").stop(&stop).into();
    }
    // Nothing is left to tell anyone if even this cannot be printed.
    drop(error.print());
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

fn dispatch(cli: Cli, screen: &Screen) -> Result<Exit, Stop> {
    let session = Session::new(&cli.global, screen);
    match cli.verb {
        Command::Init(verb) => session.init(verb),
        Command::AddHost(args) => session.execute(args.verb, args.proof),
        Command::AddCache(args) => {
            let online = args.proof.nix.online;
            session.add_cache(args.verb.with_network(online), args.proof)
        }
        Command::RemoveHost(args) => session.execute(args.verb, args.proof),
        Command::RemoveCache(args) => session.execute(args.verb, args.proof),
        Command::RenameHost(args) => session.execute(args.verb, args.proof),
        Command::Sync(args) => session.sync(args.verb, args.proof),
        Command::Keys(verb) => match verb.action {
            Action::List => look::keys(&cli.global, screen),
            Action::Set(args) => session.execute(args.verb, args.proof),
            Action::Scan(args) => session.execute(args.verb, args.proof),
            Action::Pull(args) => session.execute(args.verb, args.proof),
        },
        Command::Rotate(verb) => match verb.action {
            None => look::rotations(&cli.global, verb.live, screen),
            Some(action) => {
                let (verb, proof) = action.step();
                session.execute(verb, proof)
            }
        },
        Command::Lint(args) => check::check(&cli.global, &args, screen),
        Command::Status(args) => look::status(&cli.global, &args, screen),
        Command::Explain(args) => look::explain(&cli.global, &args, screen),
        Command::Graph(args) => look::graph(&cli.global, &args, screen),
        Command::Export(args) => look::export(&cli.global, &args, screen),
        Command::Doctor(args) => doctor::run(&cli.global, &args, screen),
        Command::Demo(args) => demo::run(args.dir.as_deref(), &cli.global, screen),
        Command::Completions(args) => screen.print_as("text", &completion::script(args.shell)?),
        Command::Help(args) => help::help(&args.topic, &cli.global, screen),
        Command::Man(args) => screen.print_as("text", &manual(&args)?),
        Command::Schema => schema(&cli.global, screen),
    }
}

fn schema(global: &Global, screen: &Screen) -> Result<Exit, Stop> {
    let schema = fleet::json_schema();
    if global.json {
        screen.json("done", &serde_json::json!({ "schema": schema }))?;
        return Ok(Exit::Done);
    }
    screen.print(&pretty(&schema))
}

fn manual(args: &ManualArgs) -> Result<String, Stop> {
    if args.list {
        return Ok(man::list());
    }
    man::page(&args.page)
}

fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}
