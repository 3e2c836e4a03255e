//! A pinned host key that ssh never looks up.
//!
//! ## Why is this bad
//! ssh looks for `[name]:2222` when the port is not 22, and for the bare name when
//! it is. `"name:2222"` and `"[name]:22"` evaluate, and match nothing: the host
//! counts as unknown.
//!
//! ## Example
//! ```nix
//! programs.ssh.knownHosts."kalaw:2222".publicKey = "ssh-ed25519 AAAA…";
//! ```
//!
//! ## What to do
//! Write `"[kalaw]:2222"`, or the bare name for port 22.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::NixContext;
use crate::lint::finding::{at, replaced_once, warning, with_fix};
use crate::lint::rule::Check;
use crate::survey::Spot;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Nix(check);

fn check(nix: &NixContext<'_>) -> Vec<Diagnostic> {
    let pins = nix.machine.pins();
    let names = pins
        .iter()
        .flat_map(|pin| pin.names.iter().map(move |name| (pin, name)));
    names
        .filter_map(|(pin, name)| {
            let right = right_form(name)?;
            let finding = warning(format!("ssh never looks for `{name}`"))
                .help(format!("write `\"{right}\"`"))
                .about(format!("{} {name}", nix.source.path));
            let whole = Spot {
                range: 0..pin.spot.source().text.len(),
                ..pin.spot.clone()
            };
            let fix = replaced_once(&whole, &format!("\"{name}\""), &format!("\"{right}\""));
            Some(with_fix(
                at(finding, &pin.spot, "this key is not found"),
                fix,
            ))
        })
        .collect()
}

/// How it has to be written; `None`: it is right.
fn right_form(name: &str) -> Option<String> {
    if let Some(rest) = name.strip_prefix('[') {
        return rest.strip_suffix("]:22").map(str::to_owned);
    }
    let (host, port) = name.split_once(':')?;
    let port: u16 = port.parse().ok()?;
    Some(match port {
        22 => host.to_owned(),
        port => format!("[{host}]:{port}"),
    })
}
