//! `add-host`: a new machine.

mod module;
mod platform;
mod request;
mod values;

use clap::Args;

use self::module::module_text;
pub(super) use self::module::{file_of, host_module};
pub use self::request::Request;
use self::values::KeyValue;
use super::answers;
use super::key_question::{KeyQuestion, UseOfKey};
use super::plan_builder::PlanBuilder;
use super::reconcile::reconcile;
use super::{Ask, Question, Verb, host_key_search, machine_name, pasted_key};
use crate::diagnostic::{Diagnostic, Stop};
use crate::flake::{self, Added, Discovery};
use crate::fleet::{Address, Cache, Fleet, Host, HostName, Identity, InventoryEditor, System, Tag};
use crate::key::PublicKey;
use crate::plan::Plan;
use crate::project::Project;
use crate::steps;

/// Add a machine to the fleet
///
/// Writes its entry into the flake in the shape of its siblings, its host module
/// if there is none yet, its line in the inventory, and its wiring to every
/// cache whose clients it is one of.
///
/// Without a terminal NAME and `--system` are enough.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder add-host bagan
  larder add-host bagan --system aarch64-linux --like pai --tag desktop
  larder add-host bagan --address bagan.lan --scan")]
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
    /// A value that each host has for itself in the flake, such as `ip=10.0.0.7`;
    /// repeatable
    #[arg(long = "set", value_name = "KEY=VALUE")]
    values: Vec<KeyValue>,
    /// The sibling whose flake entry is the model
    #[arg(long, value_name = "HOST")]
    like: Option<HostName>,
}

impl Verb for AddHost {
    type Request = Request;

    const NAME: &'static str = "add-host";

    fn complete(self, project: &Project, ask: &mut dyn Ask) -> Result<Request, Stop> {
        let fleet = project.fleet()?;
        let name = match self.name {
            Some(name) => name,
            None => answers::asked(ask, NEW_NAME, |_, line| {
                let name = machine_name::read(line)?;
                refuse_taken(project, fleet, &name)?;
                Ok(name)
            })?,
        };
        refuse_taken(project, fleet, &name)?;
        machine_name::check(&name)?;
        let system = match self.system {
            Some(system) => system,
            None => platform::ask(project, ask)?,
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
            (Some(key), _) => Some(pasted_key::ssh_of(ask, key, &host)?),
            (None, true) => Some(host_key_search::scanned_key(
                ask,
                &host,
                self.fingerprint.as_deref(),
            )?),
            (None, false) => ask_host_key(fleet, &host, ask)?,
        };
        let mut request = Request {
            host,
            like: self.like,
            values: self.values.into_iter().map(KeyValue::into_pair).collect(),
        };
        values::complete(project, &mut request, ask)?;
        Ok(request)
    }

    fn plan(project: &Project, request: &Request) -> Result<Plan, Stop> {
        let fleet = project.fleet()?;
        let found = project.flake()?.followed();
        let found = found.map_err(|why| by_hand(why, &request.host.name))?;
        refuse_in_flake(found, &request.host.name)?;
        let mut builder = PlanBuilder::of(project);
        let mut host = request.host.clone();
        let added = place_entry(&mut builder, found, request, &mut host)?;
        let (module, mut notes) = (added.module, added.notes);
        let file = added.file.filter(|file| !builder.repo().exists(&file.path));
        if let Some(file) = file.as_ref().filter(|file| file.path != module) {
            builder.write(&file.path, file.with_module(""));
        }
        if !builder.repo().exists(&module) {
            let says_platform = !added.has_platform && platform::is_in_modules(project, found);
            let text = match file.filter(|file| file.path == module) {
                Some(file) => {
                    file.with_module(&module_text(&host, says_platform, builder.repo(), &module)?)
                }
                None => host_module(&host, says_platform, builder.repo(), &module)?,
            };
            builder.write(&module, text);
            notes.push(hardware_note(&builder.repo().shown(&module)));
        }
        let mut inventory = InventoryEditor::of(fleet);
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

const NEW_NAME: Question<'static> = Question {
    text: "name of the new host",
    flag: "larder add-host NAME",
    why: "The name that `nixos-rebuild --flake .#NAME` takes, and the machine's host name.",
};

fn refuse_taken(project: &Project, fleet: &Fleet, name: &HostName) -> Result<(), Stop> {
    refuse_known(fleet, name)?;
    match project.flake() {
        Ok(found) => refuse_in_flake(found, name),
        Err(_) => Ok(()),
    }
}

fn refuse_known(fleet: &Fleet, name: &HostName) -> Result<(), Stop> {
    fleet.refuse_name_of_external(name)?;
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
    let use_of_key = UseOfKey::Login;
    KeyQuestion {
        fleet,
        use_of_key,
        host,
        why,
        flag,
    }
    .ask_or_later(ask)
}

/// Writes the flake's entry.
fn place_entry(
    builder: &mut PlanBuilder,
    found: &Discovery,
    request: &Request,
    host: &mut Host,
) -> Result<Added, Stop> {
    let entry = request.entry(builder.repo(), found)?;
    let added = flake::add_entry(builder.repo(), builder.discoveries(), found, &entry)?;
    values::refuse_unused(builder, found, &entry, &added)?;
    for (path, edit) in &added.edits {
        builder.edit(path, edit)?;
    }
    host.module = Some(builder.repo().shown(&added.module));
    let within = added.within.as_deref().map(answers::attribute_path);
    host.within = within.transpose()?;
    Ok(added)
}

fn hardware_note(module: &str) -> String {
    format!(
        "describe the machine's disks and boot loader in `{module}`; on it, \
         `nixos-generate-config --show-hardware-config` prints a starting point"
    )
}

#[cfg(test)]
mod tests;
