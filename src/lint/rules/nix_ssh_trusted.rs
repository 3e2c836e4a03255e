//! Clients of a cache may do anything to it.
//!
//! ## Why is this bad
//! A trusted user of Nix can become root: it may import unsigned paths and set
//! `post-build-hook`. Everyone who holds a client's key would be one. Reading a
//! cache needs no trust.
//!
//! ## Example
//! ```nix
//! nix.settings.trusted-users = [ "root" "nix-ssh" ];
//! ```
//!
//! ## What to do
//! Take `nix-ssh` out.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::{NixContext, USER};
use crate::lint::finding::{at, error};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Nix(check);

fn check(nix: &NixContext<'_>) -> Vec<Diagnostic> {
    let words = nix.machine.nix_words("nix.settings.trusted-users").into_iter();
    let ours = words.filter(|word| word.text.trim_start_matches('@') == USER);
    ours.map(|word| {
        let finding = error("every client of this cache can become root on it")
            .help("take it out: reading needs no trust")
            .about(&nix.source.path);
        at(finding, &word.spot, "trusted with everything")
    })
    .collect()
}
