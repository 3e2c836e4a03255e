//! What serves a cache is NixOS.

use crate::diagnostic::{Diagnostic, Stop};
use crate::fleet::Host;

/// Refuses a machine that the flake does not define.
pub(super) fn refuse(host: &Host) -> Result<(), Stop> {
    if host.nixos {
        return Ok(());
    }
    let name = &host.name;
    let message = format!("`{name}` cannot serve a cache: the flake does not define it");
    let refusal = Diagnostic::error("cache-not-nixos", message).about(name.to_string());
    Err(refusal
        .help(format!(
            "it can be a client: `larder export {name}` prints its half"
        ))
        .into())
}
