//! A host that shares the import for all does not have the name of the inventory.
//!
//! ## Why is this bad
//! Where `import` names one module for all hosts, `larder/fleet.nix` picks the role of a
//! machine by its `networking.hostName`. A machine with another name has none: it neither
//! serves nor fetches, and no build fails.
//!
//! ## Example
//! ```nix
//! networking.hostName = "desktop";    # of the host `pai` in `larder.toml`
//! ```
//!
//! ## What to do
//! Let the two agree, or do without `import`: each host then imports a file of its own.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::HostContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::survey::Hit;

const OPTION: &str = "networking.hostName";

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Host(in_files)],
    evaluated_half: &[],
};

fn in_files(host: &HostContext<'_>) -> Vec<Violation> {
    let differs = is_picked_by_name(host).then(|| other_name(host)).flatten();
    differs.into_iter().collect()
}

fn is_picked_by_name(host: &HostContext<'_>) -> bool {
    let mut imports = host.context.imports().iter();
    host.context.fleet.import.is_some() && imports.any(|(name, _)| *name == host.name)
}

fn other_name(host: &HostContext<'_>) -> Option<Violation> {
    let machine = host.machine()?;
    let hits = machine.all(OPTION);
    if machine.is_hidden(OPTION) || hits.iter().any(Hit::is_conditional) {
        return None;
    }
    let strongest = hits.iter().map(|hit| hit.strength).max()?;
    let wins = hits.iter().find(|hit| hit.strength == strongest)?;
    let name = wins.value.text().filter(|name| *name != host.name.as_str())?;
    let message = format!("`{}` is named `{name}`, and gets no role by it", host.name);
    let violation = Violation::new(Subject::host(host), message)
        .at_spot(&wins.spot, "larder/fleet.nix looks for this name")
        .help(format!("write `{OPTION} = \"{}\";`", host.name))
        .help("or take `import` out of `larder.toml`: each host then imports a file of its own");
    Some(violation)
}
