//! Nix takes store paths that nobody has signed.
//!
//! ## Why is this bad
//! With `require-sigs = false` whoever can answer for any of the machine's
//! substituters, or send it paths, puts programs of their own onto it.
//!
//! ## Example
//! ```nix
//! nix.settings.require-sigs = false;
//! ```
//!
//! ## What to do
//! Delete the line, let the cache sign (`nix.settings.secret-key-files`), and trust
//! its key (`nix.settings.trusted-public-keys`).

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::NixContext;
use crate::lint::finding::{at, error};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Nix(check);

fn check(nix: &NixContext<'_>) -> Vec<Diagnostic> {
    let old = nix.machine.flag("nix.requireSignedBinaryCaches");
    let old = old.map(|(required, hit)| (required, hit.spot));
    let told = [nix.machine.nix_flag("nix.settings.require-sigs"), old]
        .into_iter()
        .flatten();
    told.filter(|(required, _)| !required)
        .map(|(_, spot)| {
            let finding = error("Nix takes store paths that nobody has signed")
                .help("delete the line; sign on the cache and trust its key instead")
                .about(&nix.source.path);
            at(finding, &spot, "signatures are not required")
        })
        .collect()
}
