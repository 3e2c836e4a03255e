//! `remove-cache`: the way back from `add-cache`.

use clap::Args;

use super::plan_builder::PlanBuilder;
use super::reconcile::reconcile;
use super::{Ask, LocalKey, Question, Verb, hand_made, left_keys, which};
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Cache, ExternalCache, HostName, Identity, InventoryEditor, SecretFile};
use crate::plan::Plan;
use crate::project::Project;
use crate::steps;

/// Stop a host from serving its store, or the hosts from using a cache elsewhere
///
/// Takes the cache out of the inventory, its owned modules and the imports that
/// larder made. Every other byte of your files stays. Keys on the machines are
/// left alone; what is left there is said.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  larder remove-cache kalaw
  larder remove-cache kalaw --dry-run")]
pub struct RemoveCache {
    /// The host that serves, or the cache that exists elsewhere
    host: Option<HostName>,
}

/// `remove-cache` with no question left open.
#[derive(Debug)]
pub struct Request {
    host: HostName,
    local_keys: Vec<LocalKey>,
}

const WHICH: Question<'static> = Question {
    text: "which cache goes?",
    flag: "larder remove-cache HOST",
    why: "Its clients stop asking it, and their files are given back as they were; what it built stays in its store.",
};

impl Verb for RemoveCache {
    type Request = Request;

    const NAME: &'static str = "remove-cache";

    fn complete(self, project: &Project, ask: &mut dyn Ask) -> Result<Request, Stop> {
        let host = which::cache_of_any_kind(project.fleet()?, self.host, WHICH, ask)?;
        let local_keys = left_keys::look(true, ask)?;
        Ok(Request { host, local_keys })
    }

    fn plan(project: &Project, request: &Request) -> Result<Plan, Stop> {
        let host = &request.host;
        let fleet = project.fleet()?;
        let mut builder = PlanBuilder::of(project);
        let mut inventory = InventoryEditor::of(fleet);
        inventory.remove_cache(host)?;
        let new = builder.write_inventory(inventory.text().to_owned())?;
        reconcile(&mut builder, fleet, &new)?;
        let mut plan = builder.finish(format!("larder: remove cache {host}"));
        plan.steps = steps::in_order(steps::between(fleet, &new, None));
        if let Some(cache) = fleet.external_caches.get(host) {
            plan.cautions = hand_made::left_of_external(project, fleet, cache);
            plan.notes = left_of_external(cache);
        } else {
            let cache = fleet.require_cache(host)?;
            plan.cautions = hand_made::left_of_cache(project, fleet, cache);
            plan.notes = left_behind(cache);
        }
        let local = &request.local_keys;
        plan.notes
            .extend(left_keys::note(project, local, fleet, &new));
        Ok(plan)
    }
}

/// What stays on the machines: larder never deletes a key.
fn left_behind(cache: &Cache) -> Vec<String> {
    let (secrets, files): (Vec<SecretFile>, Vec<SecretFile>) = cache
        .signing_key_files()
        .into_iter()
        .partition(|file| file.managed().is_some());
    let quoted = |files: &[SecretFile]| {
        let files: Vec<String> = files.iter().map(|file| format!("`{file}`")).collect();
        files.join(" and ")
    };
    let mut notes = Vec::new();
    if !files.is_empty() {
        notes.push(format!(
            "after the switch `{}` still has its signing key in {}",
            cache.host,
            quoted(&files)
        ));
    }
    if !secrets.is_empty() {
        notes.push(format!(
            "`{}` still declares {}, with its signing key: take it out where nothing else needs it",
            cache.host,
            quoted(&secrets)
        ));
    }
    if let Identity::File { path, .. } = &cache.identity {
        notes.push(match path.managed() {
            None => format!("the clients still have their identity in `{path}`"),
            Some(secret) => format!(
                "the clients still declare `{secret}`, with their identity: take it out where \
                 nothing else needs it"
            ),
        });
    }
    notes
}

/// The files with credentials, which larder has never read.
fn left_of_external(cache: &ExternalCache) -> Vec<String> {
    let mut files: Vec<&SecretFile> = cache.netrc_file.iter().collect();
    files.extend(cache.tls.as_ref().map(|tls| &tls.private_key));
    let note = |file: &SecretFile| match file.managed() {
        None => format!("the clients still have `{file}`, with what lets them in"),
        Some(secret) => format!(
            "the clients still declare `{secret}`, with what lets them in: take it out where \
             nothing else needs it"
        ),
    };
    files.into_iter().map(note).collect()
}

/// The refusal to remove a host that still serves.
pub(super) fn still_serves(host: &HostName) -> Diagnostic {
    Diagnostic::error("host-serves", format!("`{host}` is a cache of the others"))
        .about(host.to_string())
        .help(format!("first run `larder remove-cache {host}`"))
}
