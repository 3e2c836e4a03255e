//! `init` where there is an inventory: what the repository has and the inventory has not.

use super::collected;
use super::hosts::HostModule;
use crate::command::notes;
use crate::command::plan_builder::PlanBuilder;
use crate::command::reconcile::reconcile;
use crate::diagnostic::Stop;
use crate::fleet::{Fleet, Host, InventoryEditor};
use crate::plan::Plan;
use crate::project::Project;
use crate::steps;

/// Takes the chosen hosts in, and the host keys of those that had none.
pub(super) fn plan(
    project: &Project,
    chosen: &[HostModule],
    mut said: Vec<String>,
) -> Result<Plan, Stop> {
    let before = project.fleet()?;
    let (mut hosts, keys) = collected::with_keys(project, chosen, keyless(before));
    hosts.retain(|host| before.hosts.get(&host.name) != Some(host));
    said.extend(keys);
    let mut builder = PlanBuilder::of(project);
    let mut inventory = InventoryEditor::of(before);
    inventory.set_hosts(&hosts)?;
    let after = builder.write_inventory(inventory.text().to_owned())?;
    reconcile(&mut builder, before, &after)?;
    let mut plan = builder.finish(message(&hosts));
    let mut steps = steps::between(before, &after, None);
    for host in &hosts {
        said.extend(notes::obstacles_of_host(&after, &host.name));
        steps.extend(steps::keys_of_host(&after, &host.name));
    }
    plan.notes = said;
    plan.steps = steps::in_order(steps);
    Ok(plan)
}

fn keyless(fleet: &Fleet) -> Vec<Host> {
    let hosts = fleet.hosts.values().filter(|host| host.host_key.is_none());
    hosts.cloned().collect()
}

fn message(hosts: &[Host]) -> String {
    match hosts {
        [host] => format!("larder: take in {}", host.name),
        _ => format!("larder: take in {} hosts", hosts.len()),
    }
}
