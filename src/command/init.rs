//! `init`: from a repository that exists to its inventory.

mod adopt;
mod adopt_elsewhere;
mod collected;
mod find;
mod hosts;
mod json;
mod named_module;
mod start;
mod take_in;

use clap::Args;

use self::hosts::{HostModule, ModuleArg};
use super::plan_builder::PlanBuilder;
use super::{Ask, AskNix, Verb};
use crate::diagnostic::{Diagnostic, Stop};
use crate::flake::Discovery;
use crate::fleet::{HostName, InventoryEditor, System};
use crate::plan::Plan;
use crate::project::Project;
use crate::repo::{Repo, RepoPath};

pub use self::json::report;

/// Write the inventory of a repository
///
/// Finds the hosts that the flake defines and each one's module, the public SSH
/// host keys that the repository already holds, and a cache that is wired by
/// hand. Writes `larder.toml`, and nothing else. What cannot be found is asked. Run again,
/// it takes in the hosts and host keys that are new, and wires those hosts.
///
/// In a folder without a flake it offers to start one.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder init
  larder init --module kalaw=hosts/server.nix
  larder init --new-flake kalaw        in an empty folder")]
pub struct Init {
    /// A host's module, relative to the flake; `HOST=PATH:a.b`: the module at that
    /// attribute path of a file; `HOST=-`: it has none of its own. Repeatable
    #[arg(long = "module", value_name = "HOST=PATH")]
    modules: Vec<ModuleArg>,
    /// Start a flake with this host, where there is none
    #[arg(long, value_name = "HOST")]
    new_flake: Option<HostName>,
    /// The platform of the flake's first host [default: x86_64-linux]
    #[arg(long, requires = "new_flake")]
    system: Option<System>,
    /// Whether Nix is asked.
    #[command(flatten)]
    nix: AskNix,
}

/// `init` with no question left open.
pub enum Request {
    /// The flake is there.
    Inventory {
        /// Every host that the flake defines.
        hosts: Vec<HostModule>,
        /// What discovery is not sure of.
        notes: Vec<String>,
    },
    /// There is none yet.
    NewFlake {
        /// Its first host.
        host: HostName,
        /// The platform of that host.
        system: System,
    },
}

impl Verb for Init {
    type Request = Request;

    const NAME: &'static str = "init";

    fn complete(self, project: &Project, ask: &mut dyn Ask) -> Result<Request, Stop> {
        let repo = project.repo();
        if !has_flake(repo) {
            if self.new_flake.is_none() && !ask.has_person() {
                return Err(no_flake(project));
            }
            let (host, system) = start::complete(self.new_flake, self.system, ask)?;
            return Ok(Request::NewFlake { host, system });
        }
        if self.new_flake.is_some() {
            return Err(flake_exists());
        }
        let fleet = project.fleet()?;
        let is_known = |name: &str| fleet.hosts.keys().any(|host| host.as_str() == name);
        let said = |name: &str| hosts::is_said(&self.modules, name) || is_known(name);
        let found = find::find(project, &said, self.nix, ask)?;
        let notes = found.notes.iter().map(|note| note.message.clone());
        let notes = notes.collect();
        let hosts = hosts::choose(repo, &found, &self.modules, &is_known, ask)?;
        Ok(Request::Inventory { hosts, notes })
    }

    fn plan(project: &Project, request: &Request) -> Result<Plan, Stop> {
        match request {
            Request::Inventory { hosts, notes } if project.has_inventory() => {
                take_in::plan(project, hosts, notes.clone())
            }
            Request::Inventory { hosts, notes } => plan_inventory(project, hosts, notes),
            Request::NewFlake { host, system } => start::plan(project, host, system),
        }
    }
}

impl Init {
    /// `init` before another verb, with nothing said but how Nix may be asked.
    pub fn first(nix: AskNix) -> Self {
        Self {
            modules: Vec::new(),
            new_flake: None,
            system: None,
            nix,
        }
    }

    /// The hosts, without a question to anybody.
    ///
    /// # Errors
    /// When they cannot be found.
    pub fn find(&self, project: &Project, ask: &mut dyn Ask) -> Result<Discovery, Stop> {
        find::find_silently(project, self.nix, ask)
    }
}

fn plan_inventory(
    project: &Project,
    chosen: &[HostModule],
    notes: &[String],
) -> Result<Plan, Stop> {
    let mut inventory = InventoryEditor::new();
    let mut notes = notes.to_vec();
    let collected = collected::read(project, chosen);
    inventory.set_hosts(&collected.hosts)?;
    for cache in &collected.caches {
        inventory.set_cache(cache)?;
    }
    for cache in &collected.elsewhere {
        inventory.set_external_cache(cache)?;
    }
    notes.extend(collected.notes);
    let mut builder = PlanBuilder::of(project);
    builder.write_inventory(inventory.text().to_owned())?;
    let mut plan = builder.finish("larder: write the inventory");
    plan.notes = notes;
    Ok(plan)
}

fn has_flake(repo: &Repo) -> bool {
    repo.path("flake.nix")
        .is_some_and(|path| is_something(repo, &path))
}

/// True if something is there, be it unreadable: nothing is written over it.
fn is_something(repo: &Repo, path: &RepoPath) -> bool {
    !matches!(repo.text(path), Ok(None))
}

/// What is there instead of a flake, and how to start one.
fn no_flake(project: &Project) -> Stop {
    let why = project.flake().err();
    let why = why.unwrap_or_else(|| Diagnostic::error("no-flake", "there is no flake here"));
    why.help("start one here: `larder init --new-flake HOST`")
        .into()
}

fn flake_exists() -> Stop {
    Diagnostic::error("flake-exists", "there is a `flake.nix` already")
        .about("flake.nix")
        .help("without `--new-flake`, `larder init` finds its hosts")
        .into()
}
