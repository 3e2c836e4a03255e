//! A host of the inventory that the flake does not define.
//!
//! ## Why is this bad
//! What the inventory says about the host reaches no machine. If it is a client,
//! its cache keeps a door open for a key that nobody uses any more.
//!
//! ## Example
//! ```toml
//! [hosts.kalau]    # the flake says `nixosConfigurations.kalaw`
//! ```
//!
//! ## What to do
//! Correct the name, define the host in the flake, or run `larder remove-host`.

use crate::diagnostic::{Diagnostic, Severity};
use crate::fleet::nearest;
use crate::lint::context::HostContext;
use crate::lint::finding::{error, warning};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Host(check);

fn check(host: &HostContext<'_>) -> Vec<Diagnostic> {
    let (context, name) = (host.context, &host.host.name);
    if context.found(name).is_some() || !context.found.is_followed() {
        return Vec::new();
    }
    let message = format!("the flake defines no host `{name}`");
    // Where the flake's hosts are only partly known, this one may be among the rest.
    let finding = if context.found.notes.is_empty() {
        error(message)
    } else {
        warning(message)
    };
    let finding = context.at_host(finding.about(name.as_str()), host.host);
    let known = context.found.hosts.iter().map(|found| found.name.as_str());
    vec![match nearest(name, known) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding.help(format!(
            "run `larder remove-host {name}`, or define `nixosConfigurations.{name}` in the flake"
        )),
    }]
}
