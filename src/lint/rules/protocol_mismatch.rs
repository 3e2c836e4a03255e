//! A client speaks another protocol than its cache.
//!
//! ## Why is this bad
//! `ssh://` needs `nix.sshServe.protocol = "ssh"`, and `ssh-ng://` needs
//! `"ssh-ng"`: the server runs one fixed command, and the other protocol fails for
//! every path.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = [ "ssh-ng://nix-ssh@kalaw" ];
//! # on kalaw: nix.sshServe.protocol = "ssh";
//! ```
//!
//! ## What to do
//! Make both the same. `ssh` is the read-only choice.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::LinkContext;
use crate::lint::finding::{at, error, substituter};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Link(check);

fn check(link: &LinkContext<'_>) -> Vec<Diagnostic> {
    if !link.is_adopted() {
        return Vec::new();
    }
    mismatch(link).into_iter().collect()
}

fn mismatch(link: &LinkContext<'_>) -> Option<Diagnostic> {
    let one = substituter(link, link.machine()?)?;
    let spoken = one.store?.scheme;
    let machine = link.context.machine(link.server)?;
    let mut told = machine.all("nix.sshServe.protocol").into_iter();
    let told = told.find_map(|hit| Some((hit.value.text()?.to_owned(), hit.spot)));
    // The option's default.
    let served = told.as_ref().map_or("ssh", |(protocol, _)| protocol);
    if spoken == served {
        return None;
    }
    let (client, cache) = (&link.client.name, &link.cache.host);
    let message = format!("`{client}` speaks `{spoken}` to `{cache}`, which serves `{served}`");
    let finding = error(message)
        .help(format!("write `{served}://` in the URL"))
        .about(link.subject());
    let finding = at(finding, &one.word.spot, "");
    Some(match &told {
        Some((_, spot)) => at(finding, spot, "served here"),
        None => finding,
    })
}
