//! `add-host`: a new machine.

use clap::Args;

use super::answers;
use super::key_question::KeyQuestion;
use super::plan_builder::PlanBuilder;
use super::reconcile::reconcile;
use super::{Ask, Question, Verb, pasted_key};
use crate::diagnostic::{Diagnostic, Stop};
use crate::flake::{self, Discovery, NewEntry};
use crate::fleet::{Address, Cache, Fleet, Host, HostName, Identity, InventoryEditor, System, Tag};
use crate::key::PublicKey;
use crate::nix::template::{self, Value};
use crate::plan::Plan;
use crate::project::Project;
use crate::repo::{Repo, RepoPath};
use crate::steps;

/// Add a machine to the fleet
///
/// Writes its entry into the flake in the shape of its siblings, its host module
/// if there is none yet, its line in the inventory, and its wiring to every
/// cache whose clients it is one of.
///
/// Without a terminal NAME and `--system` are enough.
#[derive(Debug, Args)]
pub struct AddHost {
    /// Its name in the flake and on the network
    name: Option<HostName>,
    /// Its platform, as in x86_64-linux; by default that of its siblings
    #[arg(long)]
    system: Option<System>,
    /// The name or IP address under which the others reach it
    #[arg(long)]
    address: Option<Address>,
    /// The port of its sshd
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
    /// Its host module, relative to the flake; by default where its siblings
    /// have theirs
    #[arg(long, value_name = "PATH")]
    module: Option<String>,
    /// Its public SSH host key: the key itself, a file, or - for standard input
    #[arg(long, value_name = "KEY|FILE|-", conflicts_with = "scan")]
    host_key: Option<String>,
    /// Ask the address for its host key over the network
    #[arg(long)]
    scan: bool,
    /// The fingerprint that the scanned key must have, as in SHA256:…
    #[arg(long, requires = "scan", value_name = "SHA256:…")]
    fingerprint: Option<String>,
    /// A group that it belongs to; repeatable
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<Tag>,
    /// A laptop, away from its caches at times: asks them after cache.nixos.org
    #[arg(long)]
    roaming: bool,
    /// The sibling whose flake entry is the model
    #[arg(long, value_name = "HOST")]
    like: Option<HostName>,
}

/// `add-host` with no question left open.
#[derive(Debug)]
pub struct Request {
    host: Host,
    like: Option<HostName>,
}

impl Verb for AddHost {
    type Request = Request;

    const NAME: &'static str = "add-host";

    fn complete(self, project: &Project, ask: &mut dyn Ask) -> Result<Request, Stop> {
        let fleet = project.fleet()?;
        let name = match self.name {
            Some(name) => name,
            None => answers::parsed_line(
                ask,
                question("name of the new host", "larder add-host NAME"),
            )?,
        };
        refuse_known(fleet, &name)?;
        let system = match self.system {
            Some(system) => system,
            None => ask_system(fleet, ask)?,
        };
        let mut host = Host {
            module: self.module,
            system: Some(system),
            address: self.address,
            port: self.port,
            tags: self.tags,
            roaming: self.roaming,
            ..Host::named(name)
        };
        host.host_key = match (&self.host_key, self.scan) {
            (Some(key), _) => Some(pasted_key::ssh(ask, key)?),
            (None, true) => Some(answers::scanned_key(
                ask,
                &host,
                self.fingerprint.as_deref(),
            )?),
            (None, false) => ask_host_key(fleet, &host, ask)?,
        };
        Ok(Request {
            host,
            like: self.like,
        })
    }

    fn plan(project: &Project, request: &Request) -> Result<Plan, Stop> {
        let fleet = project.fleet()?;
        let found = project.flake()?.followed();
        let found = found.map_err(|why| by_hand(why, &request.host.name))?;
        refuse_in_flake(found, &request.host.name)?;
        let mut builder = PlanBuilder::of(project);
        let mut host = request.host.clone();
        let (module, mut notes) = place_entry(&mut builder, found, request, &mut host)?;
        if !builder.repo().exists(&module) {
            builder.write(&module, host_module(&host, builder.repo(), &module)?);
            notes.push(hardware_note(&builder.repo().shown(&module)));
        }
        let mut inventory = InventoryEditor::open(&fleet.source).map_err(Stop::Refused)?;
        inventory.set_host(&host)?;
        let new = builder.write_inventory(inventory.text().to_owned())?;
        reconcile(&mut builder, fleet, &new)?;
        notes.extend(super::notes::obstacles_of_host(&new, &host.name));
        let mut plan = builder.finish(format!("larder: add host {}", host.name));
        plan.notes = notes;
        let keys = steps::keys_of_host(&new, &host.name);
        let switches = steps::between(fleet, &new, None);
        plan.steps = steps::in_order(keys.into_iter().chain(switches).collect());
        Ok(plan)
    }
}

/// In a flake that larder cannot follow people add the machine themselves.
fn by_hand(why: Diagnostic, name: &HostName) -> Diagnostic {
    let help = vec![format!(
        "define `{name}` in the flake's own way, write to `larder.toml`:\n[hosts.{name}]\nmodule = \"PATH\"\nand run `larder sync`"
    )];
    Diagnostic { help, ..why }
}

fn question<'a>(text: &'a str, flag: &'a str) -> Question<'a> {
    Question { text, flag }
}

fn refuse_known(fleet: &Fleet, name: &HostName) -> Result<(), Stop> {
    let Some(known) = fleet.hosts.get(name) else {
        return Ok(());
    };
    let said = format!("there is a host `{name}` already");
    Err(Diagnostic::error("host-known", said)
        .at(&fleet.source, known.range.clone(), "this one")
        .about(name.to_string())
        .help(format!("to give it a key: `larder keys set {name} KEY`"))
        .into())
}

fn refuse_in_flake(found: &Discovery, name: &HostName) -> Result<(), Stop> {
    if !found.hosts.iter().any(|host| host.name == name.to_string()) {
        return Ok(());
    }
    let said = format!("the flake defines `{name}` already, and the inventory does not know it");
    Err(Diagnostic::error("host-in-flake", said)
        .about(name.to_string())
        .help("run `larder init`, which takes it in")
        .into())
}

fn ask_system(fleet: &Fleet, ask: &mut dyn Ask) -> Result<System, Stop> {
    let siblings: Vec<&System> = fleet
        .hosts
        .values()
        .filter_map(|h| h.system.as_ref())
        .collect();
    let usual = siblings.first().map(ToString::to_string);
    let text = "platform of the new host";
    let question = question(text, "--system x86_64-linux");
    answers::parsed_line_or(ask, question, usual.as_deref())
}

/// A client logs in with its host key; where nobody can be asked, it comes later.
fn ask_host_key(fleet: &Fleet, host: &Host, ask: &mut dyn Ask) -> Result<Option<PublicKey>, Stop> {
    let logs_in = |cache: &&Cache| *fleet.identity(cache, host) == Identity::HostKey;
    let cache = fleet.caches_of(host).find(logs_in);
    let Some(cache) = cache.filter(|_| ask.takes_offers()) else {
        return Ok(None);
    };
    let why = format!(
        "`{}` logs in at `{}` with its SSH host key, so the cache has to know it. A machine that \
         is not installed yet has none.",
        host.name, cache.host
    );
    let flag = "--host-key KEY|FILE` or `--scan";
    let why = &why;
    KeyQuestion { host, why, flag }.ask_or_later(ask)
}

/// Writes the flake's entry; the module's place comes back.
fn place_entry(
    builder: &mut PlanBuilder,
    found: &Discovery,
    request: &Request,
    host: &mut Host,
) -> Result<(RepoPath, Vec<String>), Stop> {
    let name = host.name.to_string();
    let module = match &host.module {
        Some(module) => builder.repo().path(module).ok_or_else(|| outside(module))?,
        None => flake::module_path_for(builder.repo(), found, &name),
    };
    let like = request.like.as_ref().map(ToString::to_string);
    let entry = NewEntry {
        name,
        system: host.system.as_ref().map(ToString::to_string),
        module: builder.repo().shown(&module),
        like,
    };
    let added = flake::add_entry(builder.repo(), found, &entry)?;
    for (path, edit) in &added.edits {
        builder.edit(path, edit)?;
    }
    host.module = Some(builder.repo().shown(&added.module));
    let within = added.within.as_deref().map(answers::attribute_path);
    host.within = within.transpose()?;
    let notes = added.notes;
    Ok((added.module, notes))
}

fn outside(module: &str) -> Stop {
    Diagnostic::error(
        "module-outside",
        format!("`{module}` is outside of the repository"),
    )
    .about(module)
    .help("name a path below the flake's folder with `--module PATH`")
    .into()
}

/// The text of a new host module, from its template; where it is an attribute of its
/// file, of the file.
pub(super) fn host_module(host: &Host, repo: &Repo, module: &RepoPath) -> Result<String, Stop> {
    let name = host.name.to_string();
    let values = [("name", Value::String(name))];
    let text = template::render(include_str!("../../templates/host-module.nix"), &values)
        .map_err(|error| broken_template(&repo.shown(module), &error))?;
    Ok(match &host.within {
        Some(within) => flake::nested(&within.to_string(), &text),
        None => text,
    })
}

fn broken_template(path: &str, error: &template::TemplateError) -> Stop {
    Stop::fault(Diagnostic::error(
        "template-broken",
        format!("the template of `{path}` cannot be filled: {error}"),
    ))
}

fn hardware_note(module: &str) -> String {
    format!(
        "describe the machine's disks and boot loader in `{module}`; on it, \
         `nixos-generate-config --show-hardware-config` prints a starting point"
    )
}
