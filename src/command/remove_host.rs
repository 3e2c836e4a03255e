//! `remove-host`: the way back from `add-host`.

use clap::Args;

use super::plan_builder::PlanBuilder;
use super::reconcile::reconcile;
use super::{
    Ask, LocalKey, Question, Verb, add_host, hand_made, left_keys, lost_host, remove_cache, which,
};
use crate::diagnostic::{Diagnostic, Stop};
use crate::flake;
use crate::fleet::{Host, HostName, InventoryEditor};
use crate::nix::tokens_equal;
use crate::plan::Plan;
use crate::project::Project;
use crate::repo::RepoPath;
use crate::steps;

/// Take a machine out of the fleet
///
/// Removes its flake entry, its line in the inventory and its wiring. Its host
/// module goes too if it is still what `add-host` wrote; otherwise it stays,
/// unless `--delete-module` is given.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder remove-host bagan
  larder remove-host bagan --delete-module")]
pub struct RemoveHost {
    /// Its name
    name: Option<HostName>,
    /// Delete its host module even if you have written in it
    #[arg(long)]
    delete_module: bool,
    /// The machine is lost or stolen: say where its keys still open something, and for how long;
    /// a cache goes with it
    #[arg(long)]
    compromised: bool,
}

/// `remove-host` with no question left open.
#[derive(Debug)]
pub struct Request {
    name: HostName,
    delete_module: bool,
    compromised: bool,
    local_keys: Vec<LocalKey>,
}

const WHICH: Question<'static> = Question {
    text: "which host goes?",
    flag: "larder remove-host NAME",
    why: "It leaves the inventory, the wiring and the flake; its own files stay.",
};

impl Verb for RemoveHost {
    type Request = Request;

    const NAME: &'static str = "remove-host";

    fn complete(self, project: &Project, ask: &mut dyn Ask) -> Result<Request, Stop> {
        let fleet = project.fleet()?;
        let serves = |name: &HostName| fleet.caches.contains_key(name);
        let fits = |name: &HostName| self.compromised || !serves(name);
        let name = which::host(fleet, self.name, WHICH, fits, |_| true, ask)?;
        if serves(&name) && !self.compromised {
            let lost = format!("if the machine is lost: `larder remove-host {name} --compromised`");
            return Err(remove_cache::still_serves(&name).help(lost).into());
        }
        Ok(Request {
            name,
            delete_module: self.delete_module,
            compromised: self.compromised,
            local_keys: left_keys::look(true, ask)?,
        })
    }

    fn plan(project: &Project, request: &Request) -> Result<Plan, Stop> {
        let fleet = project.fleet()?;
        let host = fleet.require_host(&request.name)?;
        let mut builder = PlanBuilder::of(project);
        if host.nixos {
            remove_from_flake(project, &mut builder, &request.name)?;
        }
        let mut inventory = InventoryEditor::of(fleet);
        let cache = fleet.caches.get(&request.name);
        if cache.is_some() {
            inventory.remove_cache(&request.name)?;
        }
        inventory.remove_host(&request.name)?;
        let new = builder.write_inventory(inventory.text().to_owned())?;
        reconcile(&mut builder, fleet, &new)?;
        let lost = request
            .compromised
            .then(|| lost_host::notes(project, fleet, host));
        let note = delete_module(&mut builder, host, request.delete_module)?;
        let mut plan = builder.finish(format!("larder: remove host {}", request.name));
        plan.steps = steps::in_order(steps::between(fleet, &new, None));
        plan.notes.extend(lost.into_iter().flatten());
        plan.notes.extend(note);
        let left = cache.map(|cache| hand_made::still_asked(project, fleet, cache));
        plan.cautions.extend(left.into_iter().flatten());
        let left = hand_made::left_of_client(project, fleet, host);
        plan.notes.extend(left);
        let local = &request.local_keys;
        plan.notes
            .extend(left_keys::note(project, local, fleet, &new));
        Ok(plan)
    }
}

fn remove_from_flake(
    project: &Project,
    builder: &mut PlanBuilder,
    name: &HostName,
) -> Result<(), Stop> {
    let found = project.flake()?.followed();
    let found = found.map_err(|why| by_hand(why, name))?;
    // Who has taken it out of the flake already is right; what larder cannot read may have it.
    if found.require_host(name).is_err() && found.notes.is_empty() {
        return Ok(());
    }
    let removed = flake::remove_entry(project.repo(), found, name.as_ref())?;
    for (path, edit) in &removed.edits {
        builder.edit(path, edit)?;
    }
    removed.files.iter().for_each(|file| builder.delete(file));
    Ok(())
}

/// In a flake that larder cannot follow people remove the machine themselves.
fn by_hand(why: Diagnostic, name: &HostName) -> Diagnostic {
    let help = vec![format!(
        "remove `{name}` from the flake, and `[hosts.{name}]` from `larder.toml`; then run `larder sync`"
    )];
    Diagnostic { help, ..why }
}

/// Deletes the host's own module where nothing of a human's is lost.
fn delete_module(
    builder: &mut PlanBuilder,
    host: &Host,
    delete: bool,
) -> Result<Option<String>, Stop> {
    let module = host.module.as_deref().and_then(|m| builder.repo().path(m));
    let Some(module) = module.filter(|path| builder.repo().exists(path)) else {
        return Ok(None);
    };
    if delete || is_as_made(builder, host, &module)? {
        // A file that declares the host as well may be listed among those of the flake.
        let listed = host.within.as_ref();
        let listed = listed.and_then(|_| flake::unlist(builder.repo(), &module));
        if let Some((file, edit)) = listed {
            builder.edit(&file, &edit)?;
        }
        builder.delete(&module);
        return Ok(None);
    }
    Ok(Some(format!(
        "`{}` stays: it holds more than larder wrote (`--delete-module` deletes it)",
        builder.repo().shown(&module)
    )))
}

fn is_as_made(builder: &PlanBuilder, host: &Host, module: &RepoPath) -> Result<bool, Stop> {
    let is = builder.source(module)?;
    for says_platform in [false, true] {
        let made = add_host::host_module(host, says_platform, builder.repo(), module)?;
        if tokens_equal(&is.text, &made) {
            return Ok(true);
        }
        let added = host
            .within
            .as_ref()
            .and_then(|_| add_host::file_of(host, says_platform, builder.repo(), module));
        if added.is_some_and(|added| tokens_equal(&is.text, &added)) {
            return Ok(true);
        }
    }
    Ok(false)
}
