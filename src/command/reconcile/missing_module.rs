//! Refuses host modules that are not there, and says where they went.

use crate::command::plan_builder::PlanBuilder;
use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::{Fleet, Host, INVENTORY};

/// Refuses those of these modules, by their paths from the flake's folder, that are not there.
pub(super) fn refuse<'m>(
    builder: &PlanBuilder,
    fleet: &Fleet,
    modules: impl Iterator<Item = &'m str>,
) -> Result<(), Stop> {
    let repo = builder.repo();
    let is_missing = |module: &&str| {
        repo.path(module)
            .is_some_and(|path| matches!(repo.try_exists(&path), Ok(false)))
    };
    let missing = modules.filter(is_missing);
    let refused: Vec<Diagnostic> = missing
        .map(|module| {
            let message = format!("there is no file `{module}`");
            let help = advice(builder, fleet, module);
            Diagnostic::error("file-missing", message)
                .about(module)
                .help(help)
        })
        .collect();
    if refused.is_empty() {
        return Ok(());
    }
    Err(Stop::Refused(refused))
}

fn advice(builder: &PlanBuilder, fleet: &Fleet, module: &str) -> String {
    let otherwise = format!("create `{module}`, or correct its name in `{INVENTORY}`");
    let mut hosts = fleet.hosts.values();
    let host = hosts.find(|host| host.module.as_deref() == Some(module));
    host.and_then(|host| of_host(builder, host))
        .unwrap_or(otherwise)
}

/// What the flake says of the host: it may have been given another module, or be gone.
fn of_host(builder: &PlanBuilder, host: &Host) -> Option<String> {
    let found = builder.project().flake().ok()?;
    let name = &host.name;
    let mut entries = found.hosts.iter();
    let Some(entry) = entries.find(|entry| entry.name == name.as_str()) else {
        let is_gone = found.is_followed() && found.notes.is_empty();
        return is_gone.then(|| format!("if the machine is gone: `larder remove-host {name}`"));
    };
    let path = entry
        .module
        .as_ref()
        .filter(|path| builder.repo().exists(path))?;
    let path = builder.repo().shown(path);
    Some(format!(
        "the flake has `{path}` for it: write `module = \"{path}\"` under `[hosts.{name}]`"
    ))
}
