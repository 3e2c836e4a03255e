//! Who turns sshd on for a cache that people wrote into the inventory by hand.

use std::sync::Arc;

use crate::command::plan_builder::PlanBuilder;
use crate::command::sshd::HostSshd;
use crate::command::{Ask, sshd};
use crate::diagnostic::Stop;
use crate::fleet::{Cache, Fleet, HostName, InventoryEditor, SshdOwner};
use crate::project::Project;
use crate::wiring;

/// Asks for the caches that are not wired yet and of which neither the inventory nor the
/// files say it. Where nobody can be asked, lint warns.
pub(super) fn ask_for(
    project: &Project,
    fleet: &Fleet,
    ask: &mut dyn Ask,
) -> Result<Vec<(HostName, SshdOwner)>, Stop> {
    if !ask.takes_offers() {
        return Ok(Vec::new());
    }
    open_caches(project, fleet)
        .map(|(cache, sshd)| {
            let host = &cache.host;
            let written = [true, false].map(|is_on| in_inventory(host, is_on));
            let owner = sshd.ask(host, [&written[0], &written[1]], ask)?;
            Ok((host.clone(), owner))
        })
        .collect()
}

/// The caches that are not wired yet, and whose sshd neither the inventory nor the files
/// turn on.
fn open_caches<'a>(
    project: &'a Project,
    fleet: &'a Fleet,
) -> impl Iterator<Item = (&'a Cache, HostSshd)> {
    let caches = fleet.caches.values();
    let unsaid = caches.filter(|cache| cache.sshd == SshdOwner::Unsaid && !cache.is_adopted());
    let new = unsaid.filter(|cache| !is_wired(project, fleet, cache));
    let with_sshd = new.map(|cache| {
        let sshd = HostSshd::of(project, fleet, fleet.server(cache));
        (cache, sshd)
    });
    with_sshd.filter(|(_, sshd)| !sshd.is_on)
}

/// True if the cache's owned module is there: it serves already.
fn is_wired(project: &Project, fleet: &Fleet, cache: &Cache) -> bool {
    let repo = project.repo();
    let module = repo.path(&wiring::cache_module(fleet, cache));
    module.is_some_and(|module| repo.exists(&module))
}

fn in_inventory(host: &HostName, is_on: bool) -> String {
    format!("enable-sshd = {is_on}` under `[caches.{host}]")
}

/// What the plan says of the sshd of caches that it wires: what was answered, and what
/// nobody was asked.
pub(super) fn notes(
    project: &Project,
    fleet: &Fleet,
    owners: &[(HostName, SshdOwner)],
) -> Vec<String> {
    let answered = owners.iter();
    let answered = answered.filter_map(|(host, owner)| sshd::note(host, *owner));
    let open = open_caches(project, fleet);
    answered.chain(open.map(unanswered)).collect()
}

fn unanswered((cache, sshd): (&Cache, HostSshd)) -> String {
    let host = &cache.host;
    format!(
        "{}: the cache does, and it takes passwords; for keys only, write `{}` and run \
         `larder sync`",
        sshd.nothing_turns_it_on(host),
        in_inventory(host, true)
    )
}

/// Writes the answers into the inventory, and reads it again.
pub(super) fn write(
    builder: &mut PlanBuilder,
    fleet: &Fleet,
    owners: &[(HostName, SshdOwner)],
) -> Result<Fleet, Stop> {
    if owners.is_empty() {
        return Ok(fleet.clone());
    }
    let mut inventory = InventoryEditor::of(fleet);
    for (host, owner) in owners {
        if let Some(cache) = fleet.caches.get(host) {
            let sshd = *owner;
            inventory.set_cache(&Cache {
                sshd,
                ..cache.clone()
            })?;
        }
    }
    let written = builder.write_inventory(inventory.text().to_owned())?;
    Ok(Arc::unwrap_or_clone(written))
}
