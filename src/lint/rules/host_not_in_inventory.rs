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
//! Add `[hosts.NAME]` to `larder.toml`, with `module` if the host has a file of
//! its own.

use crate::diagnostic::{Diagnostic, Severity};
use crate::flake::FoundHost;
use crate::lint::context::Context;
use crate::lint::finding::warning;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Fleet(check);

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let hosts = context.found.hosts.iter();
    hosts
        .filter(|found| !context.fleet.hosts.contains_key(found.name.as_str()))
        .map(|found| finding(context, found))
        .collect()
}

fn finding(context: &Context<'_>, found: &FoundHost) -> Diagnostic {
    let name = &found.name;
    let finding = warning(format!("`larder.toml` does not know the host `{name}`")).about(name);
    let finding = at_entry(context, found, finding);
    let module = found.module.as_ref().map(|path| context.repo.shown(path));
    let module = module.map_or_else(String::new, |path| format!("\nmodule = \"{path}\""));
    finding.help(format!("add to `larder.toml`:\n[hosts.{name}]{module}"))
}

fn at_entry(context: &Context<'_>, found: &FoundHost, finding: Diagnostic) -> Diagnostic {
    let Some(entry) = &found.entry else {
        return finding;
    };
    match context.repo.source(&entry.file) {
        Ok(Some(source)) => {
            let start = entry.range.start;
            let text = source.text.get(entry.range.clone()).unwrap_or_default();
            let end = start + text.find(['=', '\n']).unwrap_or(text.len());
            let end = start + source.text[start..end].trim_end().len();
            finding.at(&source, start..end, "defined here")
        }
        _ => finding,
    }
}
