//! `rename-host`: another name for a machine, in one commit.

mod host_name;
mod mentions;

use std::sync::Arc;

use clap::Args;

use super::plan_builder::PlanBuilder;
use super::reconcile::reconcile;
use super::{Ask, Question, Verb, answers, machine_name, which};
use crate::diagnostic::{Diagnostic, Stop};
use crate::flake::{self, RenameRequest, Renamed};
use crate::fleet::{Fleet, Host, HostName, InventoryEditor};
use crate::nix::AttrPath;
use crate::plan::{Plan, Rename};
use crate::project::Project;
use crate::repo::RepoPath;
use crate::steps::{self, Step};

/// Give a machine another name
///
/// Renames it in the inventory and in the flake, moves its host module where that is
/// called after it, and follows every path that leads there. `networking.hostName` is
/// changed where it is the old name. The names of keys, their files on the machine, and
/// the address of a cache stay.
///
/// Other places that say the old name are listed, and left to you.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder rename-host pai bagan
  larder rename-host pai bagan --dry-run
Then, on the machine:
  sudo nixos-rebuild switch --flake .#bagan")]
pub struct RenameHost {
    /// Its name now
    old: Option<HostName>,
    /// The name that it gets
    new: Option<HostName>,
}

/// `rename-host` with no question left open.
#[derive(Debug)]
pub struct Request {
    old: HostName,
    new: HostName,
}

const WHICH: Question<'static> = Question {
    text: "which host gets another name?",
    flag: "larder rename-host OLD NEW",
    why: "The flake, the inventory, its module and `networking.hostName` get the new name; its keys keep theirs.",
};

const NEW_NAME: Question<'static> = Question {
    text: "its new name",
    flag: "larder rename-host OLD NEW",
    why: "Letters, digits and hyphens, as in a host name; no other host may have it.",
};

impl Verb for RenameHost {
    type Request = Request;

    const NAME: &'static str = "rename-host";

    fn complete(self, project: &Project, ask: &mut dyn Ask) -> Result<Request, Stop> {
        let fleet = project.fleet()?;
        let old = match self.old {
            Some(old) => old,
            None => which::host(fleet, None, WHICH, |_| true, |_| true, ask)?,
        };
        known(project, fleet, &old)?;
        let new = match self.new {
            Some(new) => new,
            None => answers::asked(ask, NEW_NAME, |_, line| {
                let new = machine_name::read(line)?;
                refuse_taken(project, fleet, &new)?;
                Ok(new)
            })?,
        };
        refuse_taken(project, fleet, &new)?;
        if fleet.hosts.get(&old).is_none_or(|host| host.nixos) {
            machine_name::check(&new)?;
        }
        Ok(Request { old, new })
    }

    fn plan(project: &Project, request: &Request) -> Result<Plan, Stop> {
        let Request { old, new } = request;
        let fleet = project.fleet()?;
        let host = fleet.require_host(old)?;
        let mut builder = PlanBuilder::of(project);
        let renamed = rename_in_flake(project, host, new)?;
        let moved = apply(&mut builder, &renamed)?;
        let (after, taken) = rename_in_inventory(&mut builder, fleet, request, &renamed)?;
        let named = host_name::rename(&mut builder, &after, [old, new])?;
        reconcile(&mut builder, fleet, &after)?;
        let mut notes = notes_of_cache(fleet, request);
        notes.extend(renamed.notes);
        notes.extend(named);
        notes.extend(mentions::note(&builder, &after, old));
        let inventory = builder.inventory_path();
        let mut plan = builder.finish(format!("larder: rename host {old} to {new}"));
        plan.notes = notes;
        plan.steps = steps(fleet, &after, request);
        plan.moved = moved;
        plan.taken = taken
            .map(|text| (inventory, text.into()))
            .into_iter()
            .collect();
        plan.renamed = Some(Rename {
            old: old.to_string(),
            new: new.to_string(),
        });
        Ok(plan)
    }
}

/// A host that only the flake has is taken into the inventory first.
fn known(project: &Project, fleet: &Fleet, name: &HostName) -> Result<(), Stop> {
    let Err(unknown) = fleet.require_host(name) else {
        return Ok(());
    };
    let is_in_flake = |found: &flake::Discovery| found.require_host(name).is_ok();
    if !project.flake().is_ok_and(is_in_flake) {
        return Err(unknown.into());
    }
    let message = format!("the flake defines `{name}`, and the inventory does not know it");
    let unknown = Diagnostic::error("host-not-in-inventory", message).about(name.as_str());
    Err(unknown.help("run `larder init`, which takes it in").into())
}

fn refuse_taken(project: &Project, fleet: &Fleet, name: &HostName) -> Result<(), Stop> {
    fleet.refuse_name_of_external(name)?;
    if let Some(known) = fleet.hosts.get(name) {
        let message = format!("there is a host `{name}` already");
        return Err(Diagnostic::error("host-known", message)
            .at(&fleet.source, known.range.clone(), "this one")
            .about(name.as_str())
            .help("choose another name")
            .into());
    }
    let is_in_flake = |found: &flake::Discovery| found.require_host(name).is_ok();
    if project.flake().is_ok_and(is_in_flake) {
        let message = format!("the flake defines `{name}` already");
        return Err(Diagnostic::error("host-in-flake", message)
            .about(name.as_str())
            .help("choose another name")
            .into());
    }
    Ok(())
}

fn rename_in_flake(project: &Project, host: &Host, new: &HostName) -> Result<Renamed, Stop> {
    if !host.nixos {
        return Ok(Renamed::default());
    }
    let (repo, fleet) = (project.repo(), project.fleet()?);
    let by_hand = |why: Diagnostic| Diagnostic {
        help: vec![format!(
            "rename `{old}` to `{new}` in the flake, and `[hosts.{old}]` to `[hosts.{new}]` in `larder.toml`; then run `larder sync`",
            old = host.name
        )],
        ..why
    };
    let found = project.flake()?.followed().map_err(by_hand)?;
    let owned =
        |folder: &str, name: &HostName| repo.path(&format!("{}/{folder}/{name}.nix", fleet.dir));
    let moved_elsewhere = ["hosts", "caches"].iter();
    let moved_elsewhere =
        moved_elsewhere.filter_map(|folder| owned(folder, &host.name).zip(owned(folder, new)));
    let request = RenameRequest {
        old: host.name.to_string(),
        new: new.to_string(),
        module: host.module.as_deref().and_then(|module| repo.path(module)),
        moved_elsewhere: moved_elsewhere.collect(),
        generated: repo.path(&fleet.dir),
    };
    Ok(flake::rename_entry(
        repo,
        project.discoveries(),
        found,
        &request,
    )?)
}

/// Edits people's files, and moves the host's own; which files moved comes back.
fn apply(builder: &mut PlanBuilder, renamed: &Renamed) -> Result<Vec<(RepoPath, RepoPath)>, Stop> {
    let files = renamed.moves.files(builder.repo());
    for (path, edit) in &renamed.edits {
        builder.edit(path, edit)?;
    }
    for (old, new) in &files {
        let text = builder.source(old)?.text;
        builder.delete(old);
        builder.write(new, text);
    }
    Ok(files)
}

/// The fleet with the new name, whose modules' paths follow; and the inventory's text
/// once what is not needed any more was taken out of it.
fn rename_in_inventory(
    builder: &mut PlanBuilder,
    fleet: &Fleet,
    request: &Request,
    renamed: &Renamed,
) -> Result<(Arc<Fleet>, Option<String>), Stop> {
    let mut inventory = InventoryEditor::of(fleet);
    let taken = inventory.rename_host(&request.old, &request.new)?;
    let moved = |path: &str| {
        let repo = builder.repo();
        let path = repo.path(path)?;
        let new = renamed.moves.moved(&path);
        (new != path).then(|| repo.shown(&new))
    };
    for host in fleet.hosts.values() {
        if let Some(module) = host.module.as_deref().and_then(moved) {
            let name = if host.name == request.old {
                &request.new
            } else {
                &host.name
            };
            inventory.move_module(name, &module)?;
        }
    }
    if let Some(module) = fleet.import.as_deref().and_then(moved) {
        inventory.move_import(&module)?;
    }
    let within = fleet.require_host(&request.old)?.within.as_ref();
    if let (Some(_), Some(new)) = (within, &renamed.within) {
        inventory.set_within(&request.new, &attribute_path(new)?)?;
    }
    let fleet = builder.write_inventory(inventory.text().to_owned())?;
    Ok((fleet, taken))
}

fn attribute_path(text: &str) -> Result<AttrPath, Stop> {
    answers::attribute_path(text)
}

fn steps(before: &Fleet, after: &Fleet, request: &Request) -> Vec<Step> {
    let Request { old, new } = request;
    let others = steps::between(before, after, Some([old, new])).into_iter();
    if after.hosts.get(new).is_some_and(|host| !host.nixos) {
        return steps::in_order(others.collect());
    }
    // The first switch is the machine's own in any case.
    let others = others.filter(|step| step.hosts != [new.clone()]);
    let first = steps::to_new_name(old, new);
    steps::in_order(std::iter::once(first).chain(others).collect())
}

/// What becomes of the names that a cache has beside its own.
fn notes_of_cache(fleet: &Fleet, request: &Request) -> Vec<String> {
    let Request { old, new } = request;
    let mut notes = Vec::new();
    let (Some(cache), Some(host)) = (fleet.caches.get(old), fleet.hosts.get(old)) else {
        return notes;
    };
    if host.address.is_none() {
        notes.push(format!(
            "its clients still reach it as `{old}`: if that name goes with the old host name, write `address = \"{new}\"` under `[hosts.{new}]`, run `larder sync`, and switch the clients"
        ));
    }
    let file = cache.signing_key_file();
    notes.push(match cache.signing_key.known() {
        Some(_) => format!("its signing key keeps its name and its file, `{file}`"),
        None => format!(
            "its signing key keeps its file, `{file}`; a key that is made there only after this \
             is called `{new}-1`"
        ),
    });
    notes
}
