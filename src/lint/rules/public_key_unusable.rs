//! A client's key or a pinned host key that OpenSSH cannot use.
//!
//! ## Why is this bad
//! NixOS takes any text. sshd skips a line of authorized keys that it cannot read,
//! and ssh a line of known hosts: the client is refused, or the host is unknown,
//! and no message says why.
//!
//! ## Example
//! ```nix
//! nix.sshServe.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" ];    # cut short
//! ```
//!
//! ## What to do
//! Copy the whole line of the `.pub` file.

use crate::diagnostic::{Diagnostic, Severity};
use crate::key::{AuthorizedKey, KeyError, PublicKey};
use crate::lint::context::NixContext;
use crate::lint::finding::{at, error};
use crate::lint::rule::Check;
use crate::survey::{HOLE, Spot};

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Nix(check);

fn check(nix: &NixContext<'_>) -> Vec<Diagnostic> {
    let clients = nix
        .machine
        .words("nix.sshServe.keys")
        .into_iter()
        .map(|word| {
            let read = word.text.parse::<AuthorizedKey>().map(drop);
            (word.text, word.spot, read)
        });
    let pins = nix.machine.below("programs.ssh.knownHosts").into_iter();
    let pins = pins.filter(|(names, _)| names.last().is_some_and(|name| name == "publicKey"));
    let pins = pins.filter_map(|(_, hit)| {
        let text = hit.value.text()?.to_owned();
        let read = text.trim().parse::<PublicKey>().map(drop);
        Some((text, hit.spot, read))
    });
    let all = clients
        .chain(pins)
        .filter(|(text, ..)| !text.contains(HOLE));
    all.filter_map(|(_, spot, read)| Some(finding(nix, &spot, &read.err()?)))
        .collect()
}

fn finding(nix: &NixContext<'_>, spot: &Spot, why: &KeyError) -> Diagnostic {
    let finding = error(format!("OpenSSH cannot use this key: {why}"))
        .help("copy the whole line of the `.pub` file")
        .about(format!("{} {why}", nix.source.path));
    at(finding, spot, "")
}
