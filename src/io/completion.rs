//! What the shell offers when a user presses Tab: commands and flags, and the names of this
//! repository's hosts, caches and tags.
//!
//! The script of a shell calls larder with `LARDER_COMPLETE` set. Outside of a repository,
//! and where something is wrong with it, there are no names, and no word is said.

#![expect(clippy::disallowed_methods, reason = "io asks where we are")]

mod nushell;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::{Arg, Command, CommandFactory, ValueHint};
use clap_complete::env::{Bash, CompleteEnv, Elvish, Fish, Powershell, Shells, Zsh};
use clap_complete::{ArgValueCandidates, CompletionCandidate};

use self::nushell::Nushell;
use super::fault;
use super::workspace::Workspace;
use crate::cli::{Cli, Shell};
use crate::command::topics::TOPICS;
use crate::diagnostic::Stop;
use crate::doctor::CAUSES;
use crate::fleet::Fleet;
use crate::lint::RULES;
use crate::project::Project;

/// The variable by which the script of a shell asks.
const VARIABLE: &str = "LARDER_COMPLETE";
const NAME: &str = "larder";
const SHELLS: Shells<'static> = Shells(&[&Bash, &Elvish, &Fish, &Nushell, &Powershell, &Zsh]);

/// What is offered for an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    Hosts,
    Caches,
    /// Hosts, tags with their `@`, and `@all`.
    Selectors,
    Tags,
    /// Hosts, each before an `=`.
    HostAssignments,
    Rules,
    Causes,
    /// What `larder help` explains.
    Topics,
    /// Files, as the shell knows them.
    Files,
}

/// The arguments that take a name: the command, the argument, what it takes.
const ARGUMENTS: &[(&[&str], &str, Names)] = &[
    (&["init"], "modules", Names::HostAssignments),
    (&["add-host"], "like", Names::Hosts),
    (&["add-host"], "tags", Names::Tags),
    (&["add-cache"], "host", Names::Hosts),
    (&["add-cache"], "clients", Names::Selectors),
    (&["add-cache"], "except", Names::Selectors),
    (&["add-cache"], "host_keys", Names::HostAssignments),
    (&["remove-host"], "name", Names::Hosts),
    (&["remove-cache"], "host", Names::Caches),
    (&["rename-host"], "old", Names::Hosts),
    (&["sync"], "take_over", Names::Caches),
    (&["keys", "set"], "host", Names::Hosts),
    (&["keys", "set"], "key", Names::Files),
    (&["keys", "scan"], "hosts", Names::Selectors),
    (&["keys", "pull"], "hosts", Names::Selectors),
    (&["rotate", "signing-key"], "name", Names::Caches),
    (&["rotate", "signing-key"], "key", Names::Files),
    (&["rotate", "host-key"], "name", Names::Hosts),
    (&["rotate", "host-key"], "key", Names::Files),
    (&["rotate", "identity"], "name", Names::Hosts),
    (&["rotate", "identity"], "key", Names::Files),
    (&["add-host"], "module", Names::Files),
    (&["add-host"], "host_key", Names::Files),
    (&["add-cache"], "import", Names::Files),
    (&["add-cache"], "new_identity", Names::Files),
    (&["add-cache"], "new_signing_key", Names::Files),
    (&["add-cache"], "signing_key", Names::Files),
    (&["lint"], "hosts", Names::Hosts),
    (&["explain"], "host", Names::Hosts),
    (&["export"], "client", Names::Hosts),
    (&["lint"], "explain", Names::Rules),
    (&["doctor"], "targets", Names::Hosts),
    (&["doctor"], "explain", Names::Causes),
    (&["help"], "topic", Names::Topics),
];

/// Answers a shell that asks what could come next; false: none has asked.
pub fn answer(args: &[OsString]) -> bool {
    let folder = folder(args);
    let complete = CompleteEnv::with_factory(|| command(&folder)).var(VARIABLE);
    let complete = complete.shells(SHELLS);
    let current = std::env::current_dir().ok();
    let asked = complete.try_complete(args.iter().cloned(), current.as_deref());
    // A question that cannot be understood has no answer: a usage error would be printed
    // in the middle of the command line.
    asked.unwrap_or(true)
}

/// The script by which a shell asks.
///
/// # Errors
/// When the script cannot be written.
pub fn script(shell: Shell) -> Result<String, Stop> {
    let mut script = Vec::new();
    if let Some(shell) = SHELLS.completer(shell.word()) {
        shell
            .write_registration(VARIABLE, NAME, NAME, NAME, &mut script)
            .map_err(fault("cannot write the completions"))?;
    }
    let script = String::from_utf8_lossy(&script);
    // Not a function or an alias of the user's that is called like it.
    Ok(script.replace("\"larder\" -- ", "command larder -- "))
}

/// The folder of the line that is typed: what `-C` names, if it does.
fn folder(args: &[OsString]) -> PathBuf {
    let mut typed = args.iter().skip_while(|arg| *arg != "--").skip(1);
    let named = typed.find(|arg| *arg == "-C").and_then(|_| typed.next());
    PathBuf::from(named.map_or(OsStr::new("."), OsString::as_os_str))
}

/// The command line, with the names that its arguments take.
fn command(folder: &Path) -> Command {
    let with_names = |command, (path, argument, names): &(&[&str], &str, Names)| {
        with(command, path, argument, *names, folder)
    };
    ARGUMENTS.iter().fold(Cli::command(), with_names)
}

fn with(command: Command, path: &[&str], argument: &str, names: Names, folder: &Path) -> Command {
    let folder = folder.to_owned();
    match path.split_first() {
        Some((first, rest)) => {
            command.mut_subcommand(first, |inner| with(inner, rest, argument, names, &folder))
        }
        None if names == Names::Files => {
            command.mut_arg(argument, |arg| arg.value_hint(ValueHint::FilePath))
        }
        None => command.mut_arg(argument, |arg: Arg| {
            arg.add(ArgValueCandidates::new(move || candidates(names, &folder)))
        }),
    }
}

fn candidates(names: Names, folder: &Path) -> Vec<CompletionCandidate> {
    match names {
        Names::Rules => {
            let rules = RULES.iter();
            rules.map(|it| explained(it.name(), it.summary())).collect()
        }
        Names::Causes => {
            let causes = CAUSES.iter();
            causes
                .map(|it| explained(it.name(), it.summary()))
                .collect()
        }
        Names::Topics => topics(),
        _ => {
            let words = fleet(folder).map(|fleet| words(names, &fleet));
            let words = words.unwrap_or_default().into_iter();
            words.map(CompletionCandidate::new).collect()
        }
    }
}

fn explained(name: &str, summary: String) -> CompletionCandidate {
    CompletionCandidate::new(name).help(Some(summary.into()))
}

/// Commands and topics, then rules and causes.
fn topics() -> Vec<CompletionCandidate> {
    let commands = Cli::command();
    let commands = commands.get_subcommands().map(|command| {
        let about = command.get_about().map(ToString::to_string);
        explained(command.get_name(), about.unwrap_or_default())
    });
    let topics = TOPICS.iter();
    let topics = topics.map(|topic| explained(topic.name, topic.summary.to_owned()));
    let rules = RULES.iter().map(|it| (it.name(), it.summary()));
    let causes = CAUSES.iter().map(|it| (it.name(), it.summary()));
    // A rule and a cause may have one name.
    let named: BTreeMap<&str, String> = causes.chain(rules).collect();
    let named = named.into_iter();
    let named = named.map(|(name, summary)| explained(name, summary));
    commands.chain(topics).chain(named).collect()
}

/// The fleet, as far as it can be read.
fn fleet(folder: &Path) -> Option<Fleet> {
    let workspace = Workspace::open(folder).ok()?;
    let project = Project::new(workspace.repo().ok()?);
    project.fleet().ok().cloned()
}

fn words(names: Names, fleet: &Fleet) -> Vec<String> {
    let hosts = fleet.hosts.keys();
    match names {
        Names::Hosts => hosts.map(ToString::to_string).collect(),
        Names::Caches => fleet.cache_names().map(ToString::to_string).collect(),
        Names::HostAssignments => hosts.map(|host| format!("{host}=")).collect(),
        Names::Tags => tags(fleet).into_iter().collect(),
        Names::Selectors => {
            let tags = tags(fleet).into_iter().map(|tag| format!("@{tag}"));
            let all = std::iter::once("@all".to_owned());
            hosts
                .map(ToString::to_string)
                .chain(all)
                .chain(tags)
                .collect()
        }
        Names::Rules | Names::Causes | Names::Topics | Names::Files => Vec::new(),
    }
}

fn tags(fleet: &Fleet) -> BTreeSet<String> {
    let tags = fleet.hosts.values().flat_map(|host| &host.tags);
    tags.map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An argument that is not there would end the completion, and nothing else.
    #[test]
    fn every_argument_is_there() {
        command(Path::new(".")).debug_assert();
    }
}
