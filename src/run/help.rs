//! `larder help`: commands as clap explains them, and the topics beside them.

use clap::{Command, CommandFactory as _, Parser as _};

use crate::cli::{Cli, Exit, Global};
use crate::command::topics;
use crate::diagnostic::Stop;
use crate::io::screen::Screen;

/// Explains what the words name; without words, lists all that can be named.
///
/// # Errors
/// When there is no such command or topic.
pub(super) fn help(words: &[String], global: &Global, screen: &Screen) -> Result<Exit, Stop> {
    let commands = commands();
    let name = words.join(" ");
    if !words.is_empty() && !commands.contains(&name) {
        return screen.print_as("text", &topics::text(&name, &commands)?);
    }
    let topics = match words {
        [] => format!("\n{}", topics::list()),
        _ => String::new(),
    };
    match of_command(words) {
        Some(help) if !global.json => {
            // In colour at a terminal; what cannot be printed is seen below.
            drop(help.print());
            screen.print(&topics)
        }
        help => {
            let help = help.map(|help| help.render().to_string());
            screen.print_as("text", &(help.unwrap_or_default() + &topics))
        }
    }
}

/// What clap answers to `--help`.
fn of_command(words: &[String]) -> Option<clap::Error> {
    let line = ["larder"].into_iter();
    let line = line.chain(words.iter().map(String::as_str));
    Cli::try_parse_from(line.chain(["--help"])).err()
}

/// The commands, and those below them: `keys`, `keys set`.
fn commands() -> Vec<String> {
    let mut names = Vec::new();
    collect(&Cli::command(), "", &mut names);
    names
}

fn collect(command: &Command, above: &str, names: &mut Vec<String>) {
    for inner in command.get_subcommands() {
        let name = format!("{above}{}", inner.get_name());
        collect(inner, &format!("{name} "), names);
        names.push(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_no_topic() {
        let commands = commands();
        assert!(commands.contains(&"keys set".to_owned()));
        for topic in topics::names() {
            assert!(!commands.iter().any(|command| command == topic), "{topic}");
        }
    }
}
