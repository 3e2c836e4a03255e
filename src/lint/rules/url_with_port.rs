//! The URL of a substituter over ssh has a port.
//!
//! ## Why is this bad
//! Only Nix 2.31 and newer read it. An older one looks for a host whose name ends
//! in `:2222`, and fails.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = [ "ssh://nix-ssh@kalaw:2222" ];
//! ```
//!
//! ## What to do
//! Write the URL without it, and `Port 2222` into a block of
//! `programs.ssh.extraConfig` for this host.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::NixContext;
use crate::lint::finding::{at, warning};
use crate::lint::rule::Check;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Nix(check);

fn check(nix: &NixContext<'_>) -> Vec<Diagnostic> {
    let all = nix.machine.substituters().into_iter();
    let with_port = all.filter_map(|one| {
        let store = one.store?;
        Some((store.host, store.port?, one.word))
    });
    with_port
        .map(|(host, port, word)| {
            let block = format!("Match originalhost {host}\n  Port {port}\nMatch all");
            let finding = warning("Nix before 2.31 does not read a port in a store's URL")
                .help(format!(
                    "take `:{port}` out, and add to `programs.ssh.extraConfig`:\n{block}"
                ))
                .about(format!("{} {host}", nix.source.path));
            at(finding, &word.spot, "")
        })
        .collect()
}
