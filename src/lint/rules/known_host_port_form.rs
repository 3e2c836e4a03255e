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

use crate::diagnostic::Severity;
use crate::fleet::known_host_name;
use crate::lint::check::StaticCheck;
use crate::lint::context::FileContext;
use crate::lint::hand_wiring::replaced_once;
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;
use crate::survey::{Pin, Spot};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::File(wrong_forms)],
    evaluated_half: &[],
};

fn wrong_forms(file: &FileContext<'_>) -> Vec<Violation> {
    let pins = file.machine.pins();
    let names = pins
        .iter()
        .flat_map(|pin| pin.names.iter().map(move |name| (pin, name)));
    names
        .filter_map(|(pin, name)| Some(violation(file, pin, name, &right_form(name)?)))
        .collect()
}

fn violation(file: &FileContext<'_>, pin: &Pin, name: &str, right: &str) -> Violation {
    let whole = Spot {
        condition: None,
        range: 0..pin.spot.source().text.len(),
        ..pin.spot.clone()
    };
    let fix = replaced_once(&whole, &format!("\"{name}\""), &format!("\"{right}\""));
    let message = format!("ssh never looks for `{name}`");
    Violation::new(file.subject().part(name), message)
        .at_spot(&pin.spot, "this key is not found")
        .help(format!("write `\"{right}\"`"))
        .fixed_by(fix)
}

/// How the name has to be written; `None`: as it is.
fn right_form(name: &str) -> Option<String> {
    if let Some(rest) = name.strip_prefix('[') {
        return rest.strip_suffix("]:22").map(str::to_owned);
    }
    let (host, port) = name.split_once(':')?;
    let port: u16 = port.parse().ok()?;
    Some(known_host_name(host, port))
}
