//! A host of the flake that the inventory does not know.
//!
//! ## Why is this bad
//! Nobody wires it to a cache: `clients = ["@all"]` means the hosts of the
//! inventory.
//!
//! ## Example
//! ```nix
//! nixosConfigurations.moulmein = nixpkgs.lib.nixosSystem { … };
//! ```
//! and no `[hosts.moulmein]` in `larder.toml`.
//!
//! ## What to do
//! Run `larder init`: it takes in the hosts that are new, with their modules. Or add
//! `[hosts.NAME]` to `larder.toml`, with `module` if the host has a file of its own.

use crate::diagnostic::Severity;
use crate::flake::FoundHost;
use crate::lint::check::StaticCheck;
use crate::lint::context::Context;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Fleet(unknown)],
    evaluated_half: &[],
};

fn unknown(context: &Context<'_>) -> Vec<Violation> {
    let hosts = context.flake.hosts.iter();
    hosts
        .filter(|host| !context.fleet.hosts.contains_key(host.name.as_str()))
        .map(|host| violation(context, host))
        .collect()
}

fn violation(context: &Context<'_>, host: &FoundHost) -> Violation {
    let name = &host.name;
    let message = format!("`larder.toml` does not know the host `{name}`");
    let violation = Violation::new(Subject::flake_host(name), message);
    let module = host.module.as_ref().map(|path| context.repo.shown(path));
    let module = module.map_or_else(String::new, |path| format!("\nmodule = \"{path}\""));
    at_entry(context, host, violation)
        .help("`larder init` takes it in")
        .help(format!("or add to `larder.toml`:\n[hosts.{name}]{module}"))
}

fn at_entry(context: &Context<'_>, host: &FoundHost, violation: Violation) -> Violation {
    let Some(entry) = &host.entry else {
        return violation;
    };
    match context.repo.source(&entry.file) {
        Ok(Some(source)) => {
            let start = entry.range.start;
            let text = source.text.get(entry.range.clone()).unwrap_or_default();
            let end = start + text.find(['=', '\n']).unwrap_or(text.len());
            let end = start + source.text[start..end].trim_end().len();
            violation.at(&source, start..end, "defined here")
        }
        _ => violation,
    }
}
