//! Arguments that are none: a private key is refused before anything repeats it, and a
//! mistake is told in the form that was asked for.

use std::ffi::OsString;

use clap::CommandFactory as _;
use clap::error::ContextKind;

use crate::cli::{Cli, Global};
use crate::diagnostic::{Diagnostic, Stop};
use crate::key::{looks_private, might_be_private};

/// Refuses arguments of which one is a private key: usage errors would print it.
///
/// # Errors
/// When one is.
pub(super) fn refuse_secrets(args: &[OsString]) -> Result<(), Stop> {
    let texts = args.iter().map(|arg| arg.to_string_lossy());
    let secret = texts.into_iter().find(|text| might_be_private(text));
    let Some(secret) = secret else {
        return Ok(());
    };
    let kind = looks_private(&secret).map_or("a private key", |kind| kind.words());
    let message = format!("an argument holds {kind}; only public keys are given to larder");
    Err(Diagnostic::error("secret-argument", message)
        .help("give the public half: the `.pub` or `.public` file beside it")
        .help("command lines are kept by shells and seen by other users: replace this key")
        .into())
}

/// `help` behind a command that has others below it goes first: there is one help for all.
pub(super) fn with_help_first(mut args: Vec<OsString>) -> Vec<OsString> {
    let cli = Cli::command();
    let has_commands = |word: &OsString| {
        let command = cli.find_subcommand(word);
        command.is_some_and(clap::Command::has_subcommands)
    };
    let asks = args.get(2).is_some_and(|word| word == "help");
    if asks && args.get(1).is_some_and(has_commands) {
        args.swap(1, 2);
    }
    args
}

/// What can be told of the global flags where the arguments are wrong.
pub(super) fn global_of(args: &[OsString]) -> Global {
    let options = args.iter().take_while(|arg| *arg != "--");
    Global {
        json: options.into_iter().any(|arg| arg == "--json"),
        ..Global::default()
    }
}

/// A mistake on the command line, as `--json` shows it.
pub(super) fn wrong_usage(error: &clap::Error) -> Diagnostic {
    let text = error.render().to_string();
    let first = text
        .lines()
        .map(str::trim)
        .take_while(|line| !line.is_empty());
    let message = first.collect::<Vec<_>>().join(" ");
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    let wrong = Diagnostic::error("usage", message);
    match error.get(ContextKind::SuggestedArg) {
        Some(meant) => wrong.help(format!("did you mean `{meant}`?")),
        None => wrong.help("`larder --help` says what there is"),
    }
}
