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

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::FileContext;
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::File(with_port)],
    evaluated_half: &[],
};

fn with_port(file: &FileContext<'_>) -> Vec<Violation> {
    let all = file.machine.substituters().into_iter();
    let with_port = all.filter_map(|one| {
        let store = one.store?;
        Some((store.host, store.port?, one.word))
    });
    with_port
        .map(|(host, port, word)| {
            let block = format!("Match originalhost {host}\n  Port {port}\nMatch all");
            let message = "Nix before 2.31 does not read a port in a store's URL";
            Violation::new(file.subject().part(host), message)
                .at_spot(&word.spot, "")
                .help(format!(
                    "take `:{port}` out, and add to `programs.ssh.extraConfig`:\n{block}"
                ))
        })
        .collect()
}
