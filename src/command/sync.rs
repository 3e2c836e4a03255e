//! `sync`: the repository says what the inventory says.

mod client;
mod hand_wiring;
mod identity;
mod machines;
mod server;
mod ssh_block;
mod sshd_owners;
mod take_over;

use clap::Args;

use self::take_over::{Selection, TakeOver};
use super::plan_builder::{PlanBuilder, inventory_path};
use super::reconcile::{HandEdits, reconcile_all};
use super::{Ask, LocalKey, Verb, left_keys, notes};
use crate::diagnostic::{Source, Stop};
use crate::fleet::{self, Fleet, HostName, INVENTORY, SshdOwner};
use crate::plan::{Change, Plan};
use crate::project::Project;
use crate::repo::RepoPath;
use crate::steps::{self, Step};

/// Update the repository from larder.toml
///
/// After you have edited `larder.toml`: writes the owned modules and imports that the
/// inventory asks for, and commits your edit with them. If nothing has to change, nothing
/// is written and no commit is made.
///
/// With `--take-over`, larder takes over a cache that was wired by hand: the settings are
/// removed from your files and written into owned modules. All or nothing: where larder
/// cannot tell what a setting means or which host it is for, it stops, points to the
/// setting, and writes nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder sync                     after an edit of larder.toml
  larder sync --check             in CI
  larder sync --take-over kalaw   what is wired by hand becomes larder's")]
pub struct Sync {
    /// Write nothing, and exit 1 if something would change
    #[arg(long)]
    pub check: bool,
    /// Overwrite owned modules that were edited by hand
    #[arg(long)]
    overwrite: bool,
    /// Replace the hand-made wiring of these caches [default: of all that are
    /// `wiring = "adopted"`]
    #[arg(long, value_name = "CACHE", num_args = 0.., conflicts_with = "check")]
    take_over: Option<Vec<HostName>>,
}

/// `sync` with no question left open.
#[derive(Debug)]
pub struct Request {
    /// The inventory that the present owned modules were made from.
    old: Fleet,
    hand_edits: HandEdits,
    /// The inventory on the disk is not the committed one.
    inventory_edited: bool,
    take_over: Option<Selection>,
    /// Who turns sshd on for caches of which the inventory does not say it.
    sshd: Vec<(HostName, SshdOwner)>,
    local_keys: Vec<LocalKey>,
}

impl Verb for Sync {
    type Request = Request;

    const NAME: &'static str = "sync";

    fn complete(self, project: &Project, ask: &mut dyn Ask) -> Result<Request, Stop> {
        let fleet = project.fleet()?;
        let committed = ask.committed(&inventory_path(project.repo()))?;
        let is_committed = committed.as_deref() == Some(&*fleet.source.text);
        let sshd = if self.check || self.take_over.is_some() {
            Vec::new()
        } else {
            sshd_owners::ask_for(project, fleet, ask)?
        };
        // An inventory that did not parse when it was committed made nothing.
        let old = committed.and_then(|text| fleet::read(&Source::new(INVENTORY, text)).ok());
        let old = old.unwrap_or_else(|| fleet.clone());
        Ok(Request {
            local_keys: left_keys::look(left_keys::goes(&old, fleet), ask)?,
            old,
            hand_edits: if self.overwrite {
                HandEdits::Overwrite
            } else {
                HandEdits::Refuse
            },
            // Whether the files fit the inventory is the same before a commit and after it.
            inventory_edited: !is_committed && !self.check,
            take_over: self.take_over.map(Selection::of),
            sshd,
        })
    }

    fn plan(project: &Project, request: &Request) -> Result<Plan, Stop> {
        let mut builder = PlanBuilder::of(project);
        let fleet = &sshd_owners::write(&mut builder, project.fleet()?, &request.sshd)?;
        let taken = match &request.take_over {
            Some(which) => Some(take_over::take(project, &mut builder, which)?),
            None => None,
        };
        let taken = taken.filter(|taken| !taken.caches.is_empty());
        let new = taken.as_ref().map_or(fleet, |taken| &taken.fleet);
        reconcile_all(&mut builder, &request.old, new, request.hand_edits)?;
        let mut plan = builder.finish(message(taken.as_ref()));
        if request.inventory_edited {
            take_along(&mut plan, inventory_path(project.repo()), fleet);
        }
        plan.notes = notes::of_sync(new);
        plan.steps = steps(project, &request.old, new, &plan);
        if let Some(taken) = &taken {
            plan.steps = with_signatures(project, taken, plan.steps);
        }
        plan.notes
            .extend(sshd_owners::notes(project, fleet, &request.sshd));
        let (local, old) = (&request.local_keys, &request.old);
        plan.notes.extend(left_keys::note(project, local, old, new));
        if let Some(taken) = taken {
            plan.taken = taken.left;
            plan.notes.splice(0..0, taken.notes);
        }
        Ok(plan)
    }
}

/// What the machines have to be switched to, and the keys that caches still wait for.
fn steps(project: &Project, old: &Fleet, new: &Fleet, plan: &Plan) -> Vec<Step> {
    let paths = plan.changes.iter().map(|(path, _)| path);
    let changed: Vec<String> = paths.map(|path| project.repo().shown(path)).collect();
    let mut all = steps::after_sync(old, new, &changed);
    let owned = new.caches.values().filter(|cache| !cache.is_adopted());
    all.extend(owned.flat_map(|cache| steps::keys_of_cache(new, &cache.host)));
    let elsewhere = new.external_caches.values();
    all.extend(elsewhere.filter_map(|cache| steps::key_of_external(new, cache)));
    steps::in_order(all)
}

/// Caches wired by hand that did not sign: what they have built has no signature.
fn with_signatures(project: &Project, taken: &TakeOver, mut steps: Vec<Step>) -> Vec<Step> {
    let fleet = &taken.fleet;
    let survey = project.host_survey();
    let unsigned = taken.caches.iter().filter_map(|name| {
        let cache = fleet.caches.get(name)?;
        let machine = survey.machine(fleet.server(cache))?;
        if machine.names_signing_key() {
            return None;
        }
        steps::sign_what_was_built(fleet, cache)
    });
    steps.extend(unsigned);
    steps::in_order(steps)
}

fn message(taken: Option<&TakeOver>) -> String {
    let Some(taken) = taken else {
        return "larder: sync with the inventory".to_owned();
    };
    let names: Vec<String> = taken
        .caches
        .iter()
        .map(|name| format!("`{name}`"))
        .collect();
    format!("larder: take over the wiring of {}", names.join(", "))
}

/// The user's edit of the inventory belongs to the same commit.
fn take_along(plan: &mut Plan, inventory: RepoPath, fleet: &Fleet) {
    if !plan.changes.iter().any(|(path, _)| *path == inventory) {
        let as_it_is = Change::as_it_is(Some(fleet.source.text.clone()));
        plan.changes.push((inventory.clone(), as_it_is));
    }
    plan.along.push(inventory);
}
