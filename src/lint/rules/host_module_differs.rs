//! The inventory and the flake name different modules for a host.
//!
//! ## Why is this bad
//! larder puts its import into a file that the host may not read.
//!
//! ## Example
//! ```toml
//! [hosts.pai]
//! module = "old/pai.nix"    # the flake has ./hosts/pai.nix
//! ```
//!
//! ## What to do
//! Correct `module` in `larder.toml` and run `larder sync`. If the inventory is
//! right, allow the finding: `[[lint.allow]]` in `larder.toml`.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::HostContext;
use crate::lint::finding::warning;
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Host(check);

fn check(host: &HostContext<'_>) -> Vec<Diagnostic> {
    let (context, name) = (host.context, &host.host.name);
    let found = context.found(name).filter(|found| !found.confirm);
    let Some(theirs) = found.and_then(|found| found.module.as_ref()) else {
        return Vec::new();
    };
    let ours = host
        .host
        .module
        .as_deref()
        .and_then(|module| context.repo.path(module));
    let Some(ours) = ours else {
        return Vec::new();
    };
    // A missing file is another rule's, and what the host imports is its own too.
    let reaches = |path| {
        context
            .machine(host.host)
            .is_some_and(|m| m.files().any(|f| f == path))
    };
    if ours == *theirs || !context.repo.exists(&ours) || reaches(theirs) {
        return Vec::new();
    }
    let theirs = context.repo.shown(theirs);
    let finding =
        warning(format!("the flake has another module for `{name}`")).about(name.as_str());
    let keys = ["hosts", name.as_str(), "module"];
    let note = format!("the flake has `{theirs}`");
    let finding = context.in_inventory(finding, &keys, &host.host.range, note);
    vec![finding.help(format!(
        "if the flake is right, write `module = \"{theirs}\"`"
    ))]
}
