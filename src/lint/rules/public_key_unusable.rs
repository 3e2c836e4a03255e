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

use crate::diagnostic::Severity;
use crate::key::{AuthorizedKey, KeyError, PublicKey};
use crate::lint::check::StaticCheck;
use crate::lint::context::FileContext;
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;
use crate::survey::{HOLE, Spot};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::File(unusable)],
    evaluated_half: &[],
};

fn unusable(file: &FileContext<'_>) -> Vec<Violation> {
    let words = file.machine.words("nix.sshServe.keys").into_iter();
    let clients = words.map(|word| {
        let read = word.text.parse::<AuthorizedKey>().map(drop);
        (word.text, word.spot, read)
    });
    let pins = file.machine.below("programs.ssh.knownHosts").into_iter();
    let pins = pins.filter(|(names, _)| names.last().is_some_and(|name| name == "publicKey"));
    let pins = pins.filter_map(|(_, hit)| {
        let text = hit.value.text()?.to_owned();
        let read = text.trim().parse::<PublicKey>().map(drop);
        Some((text, hit.spot, read))
    });
    let all = clients
        .chain(pins)
        .filter(|(text, ..)| !text.contains(HOLE));
    all.filter_map(|(_, spot, read)| Some(violation(file, &spot, &read.err()?)))
        .collect()
}

fn violation(file: &FileContext<'_>, spot: &Spot, why: &KeyError) -> Violation {
    let message = format!("OpenSSH cannot use this key: {why}");
    Violation::new(file.subject().part(why.to_string()), message)
        .at_spot(spot, "")
        .help("copy the whole line of the `.pub` file")
}
