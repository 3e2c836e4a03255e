//! No import of a NixOS module goes into a file of the flake's own.

use crate::command::plan_builder::PlanBuilder;
use crate::flake::{is_of_the_flake, modules_within};
use crate::fleet::{Fleet, HostName, INVENTORY};
use crate::nix::{NixFile, Refusal, range_of};
use rowan::ast::AstNode;

/// Refuses a file that is no module of a machine, though the inventory names it as one.
pub(super) fn refuse(
    builder: &PlanBuilder,
    fleet: &Fleet,
    module: &str,
    file: &NixFile,
) -> Result<(), Refusal> {
    let hosts = fleet.hosts.keys().map(HostName::as_str);
    let Some(path) = builder.repo().path(module) else {
        return Ok(());
    };
    if !is_of_the_flake(builder.repo(), builder.flake(), &path, file, hosts) {
        return Ok(());
    }
    let message = format!("`{module}` belongs to the flake itself: it is no module of a machine");
    let start = range_of(file.expr().syntax()).start;
    Err(Refusal::new(message, start..start + 1).with_help(help(fleet, module, file)))
}

fn help(fleet: &Fleet, module: &str, file: &NixFile) -> String {
    if fleet.import.is_some() {
        return format!(
            "name a NixOS module that all hosts import: `import = \"PATH\"` in `{INVENTORY}`"
        );
    }
    let mut hosts = fleet.hosts.values();
    let host = hosts.find(|host| host.module.as_deref() == Some(module));
    let name = host.map_or("NAME", |host| host.name.as_str());
    match modules_within(file, name).first() {
        Some(within) => {
            let within = within.to_string().replace('"', "\\\"");
            format!(
                "say where in it the module is: `within = \"{within}\"` in `[hosts.{name}]` of `{INVENTORY}`"
            )
        }
        None => format!(
            "name the NixOS module of `{name}`: `module = \"PATH\"` in `[hosts.{name}]` of `{INVENTORY}`"
        ),
    }
}
