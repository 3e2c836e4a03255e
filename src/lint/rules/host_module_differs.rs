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

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::HostContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::repo::RepoPath;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Host(differs)],
    evaluated_half: &[],
};

fn differs(host: &HostContext<'_>) -> Vec<Violation> {
    let Some(theirs) = module_in_flake(host) else {
        return Vec::new();
    };
    let repo = host.context.repo;
    let module = host.module.as_deref();
    let Some(ours) = module.and_then(|module| repo.module_path(module)) else {
        return Vec::new();
    };
    // A missing file is another rule's.
    if ours == *theirs || !repo.exists(&ours) || imports(host, theirs) {
        return Vec::new();
    }
    let (name, theirs) = (&host.name, repo.shown(theirs));
    let note = format!("the flake has `{theirs}`");
    let message = format!("the flake has another module for `{name}`");
    let violation = Violation::new(Subject::host(host), message)
        .at_key_of_host(host.context.fleet, host, "module", note)
        .help(format!(
            "if the flake is right, write `module = \"{theirs}\"`"
        ));
    vec![violation]
}

fn module_in_flake<'a>(host: &'a HostContext<'_>) -> Option<&'a RepoPath> {
    let entry = host.context.in_flake(&host.name)?;
    entry.module.as_ref().filter(|_| !entry.confirm)
}

/// What the host's own module imports is the host's as well.
fn imports(host: &HostContext<'_>, path: &RepoPath) -> bool {
    let machine = host.machine();
    machine.is_some_and(|machine| !machine.imports_of(path).is_empty())
}
