//! The command line: global flags and the list of verbs.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::FalseyValueParser;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

use crate::command::add_cache::AddCache;
use crate::command::add_host::AddHost;
use crate::command::doctor::Doctor;
use crate::command::explain::Explain;
use crate::command::export::Export;
use crate::command::graph::Graph;
use crate::command::init::Init;
use crate::command::keys::{Action, Keys, PullKeys, ScanKeys, SetKey};
use crate::command::lint::{Fix, Lint};
use crate::command::remove_cache::RemoveCache;
use crate::command::remove_host::RemoveHost;
use crate::command::rename_host::RenameHost;
use crate::command::rotate::{Rotate, RotateKey};
use crate::command::status::Status;
use crate::command::sync::Sync;
use crate::command::{Verb as _, Writing};

/// Share a private Nix binary cache over SSH between the machines of one
/// NixOS repository
///
/// larder reads the inventory `larder.toml`, writes plain Nix modules beside your own,
/// shows the diff before it writes anything, and makes one commit of exactly those files.
///
/// Exit codes: 0 done or clean, 1 findings, refused or changes needed, 2 could
/// not run. `larder help` lists what else it explains.
#[derive(Debug, Parser)]
#[command(
    name = "larder",
    version,
    propagate_version = false,
    disable_help_subcommand = true
)]
pub struct Cli {
    /// The options of every verb.
    #[command(flatten)]
    pub global: Global,
    /// The verb.
    #[command(subcommand)]
    pub verb: Command,
}

/// The options of every verb.
#[derive(Debug, Clone, Default, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of its own on the command line"
)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Start in this folder instead of the current one
    #[arg(
        short = 'C',
        global = true,
        value_name = "DIR",
        env = "LARDER_DIR",
        hide_env_values = true
    )]
    pub directory: Option<PathBuf>,
    /// Show what would be written, and stop
    #[arg(long, short = 'n', global = true)]
    pub dry_run: bool,
    /// Do not ask before writing
    #[arg(long, short = 'y', global = true)]
    pub yes: bool,
    /// Write without a commit, mark new files as intent-to-add, and suggest a message
    #[arg(
        long,
        global = true,
        env = "LARDER_NO_COMMIT",
        hide_env_values = true,
        value_parser = FalseyValueParser::new()
    )]
    pub no_commit: bool,
    /// Print one JSON object, and never ask
    #[arg(long, global = true)]
    pub json: bool,
    /// When to use colour
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "auto",
        value_name = "WHEN",
        env = "LARDER_COLOR",
        hide_env_values = true
    )]
    pub color: Color,
    /// Print less
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Show on standard error what is read, what is run and how long it takes;
    /// twice: each file, too
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// How long to wait for another larder in the same repository
    #[arg(
        long,
        global = true,
        default_value = "10",
        value_name = "SECONDS",
        env = "LARDER_LOCK_TIMEOUT",
        hide_env_values = true
    )]
    pub lock_timeout: u64,
}

impl Global {
    /// The folder to start in.
    pub fn start(&self) -> PathBuf {
        self.directory.clone().unwrap_or_else(|| PathBuf::from("."))
    }
}

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The verbs.
#[derive(Debug, Subcommand)]
#[expect(
    missing_docs,
    reason = "a verb is documented where its arguments are, and so is its help: clap takes a \
              comment here instead of that one"
)]
pub enum Command {
    Init(Init),
    AddHost(Writing<AddHost>),
    AddCache(Writing<AddCache>),
    RemoveHost(Writing<RemoveHost>),
    RemoveCache(Writing<RemoveCache>),
    RenameHost(Writing<RenameHost>),
    Sync(Writing<Sync>),
    Keys(Keys),
    Rotate(Rotate),
    Lint(Lint),
    Status(Status),
    Doctor(Doctor),
    Explain(Explain),
    Graph(Graph),
    Export(Export),
    Demo(Demo),
    Completions(Completions),
    Man(Man),
    /// Print the JSON Schema of larder.toml
    Schema,
    Help(Help),
}

impl Command {
    /// Its name on the command line.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Init(_) => Init::NAME,
            Self::AddHost(_) => AddHost::NAME,
            Self::AddCache(_) => AddCache::NAME,
            Self::RemoveHost(_) => RemoveHost::NAME,
            Self::RemoveCache(_) => RemoveCache::NAME,
            Self::RenameHost(_) => RenameHost::NAME,
            Self::Sync(_) => Sync::NAME,
            Self::Keys(keys) => match keys.action {
                Action::List => "keys list",
                Action::Set(_) => SetKey::NAME,
                Action::Scan(_) => ScanKeys::NAME,
                Action::Pull(_) => PullKeys::NAME,
            },
            Self::Rotate(_) => RotateKey::NAME,
            Self::Lint(_) => Fix::NAME,
            Self::Status(_) => "status",
            Self::Doctor(_) => "doctor",
            Self::Explain(_) => "explain",
            Self::Graph(_) => "graph",
            Self::Export(_) => "export",
            Self::Demo(_) => "demo",
            Self::Help(_) => "help",
            Self::Completions(_) => "completions",
            Self::Man(_) => "man",
            Self::Schema => "schema",
        }
    }
}

/// Try larder on an example fleet
///
/// Creates a repository with two machines in DIR, or in a temporary folder, and
/// runs `init`, `add-cache`, `add-host`, `lint` and `status` there. Needs neither Nix nor
/// network nor root.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder demo
  larder demo /tmp/fleet")]
pub struct Demo {
    /// An empty or new folder to work in
    pub dir: Option<PathBuf>,
}

/// Explain a command, a topic, a rule of lint or a cause of doctor
///
/// Without a name, the commands and the topics.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder help
  larder help larder.toml
  larder help keys set
  larder help cache-unpinned")]
pub struct Help {
    /// A command, a topic, a rule or a cause
    pub topic: Vec<String>,
}

/// Print a page of the manual
///
/// To read one: `larder man add-cache | man -l -`. To install them all:
/// `for page in $(larder man --list); do larder man $page > $page; done`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder man add-cache | man -l -
  larder man larder.toml | man -l -")]
pub struct Man {
    /// The page: a command, larder.toml, rules or causes [default: larder]
    pub page: Vec<String>,
    /// List the files of all pages
    #[arg(long, conflicts_with = "page")]
    pub list: bool,
}

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder completions bash > ~/.local/share/bash-completion/completions/larder
  larder completions fish > ~/.config/fish/completions/larder.fish
  larder completions nushell | save ($nu.user-autoload-dirs.0 | path join larder.nu)")]
pub struct Completions {
    /// The shell
    pub shell: Shell,
}

/// A shell that can ask larder what comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// GNU Bash.
    Bash,
    /// Elvish.
    Elvish,
    /// Fish.
    Fish,
    /// Nushell, 0.108 or newer.
    #[value(alias = "nu")]
    Nushell,
    /// PowerShell.
    #[value(alias = "pwsh")]
    Powershell,
    /// Z shell.
    Zsh,
}

impl Shell {
    /// Its name on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Elvish => "elvish",
            Self::Fish => "fish",
            Self::Nushell => "nushell",
            Self::Powershell => "powershell",
            Self::Zsh => "zsh",
        }
    }
}

/// The exit code of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, or clean.
    Done,
    /// Findings, refused, or changes needed.
    Findings,
    /// Could not run.
    Fault,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::from(0),
            Exit::Findings => Self::from(1),
            Exit::Fault => Self::from(2),
        }
    }
}
