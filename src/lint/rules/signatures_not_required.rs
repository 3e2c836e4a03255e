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

use crate::diagnostic::Severity;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::FileContext;
use crate::lint::evaluated::EvaluatedHost;
use crate::lint::rule::Definition;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::{Machine, Spot};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::File(in_files)],
    evaluated_half: &[EvaluatedCheck::Host(evaluated)],
};

fn in_files(file: &FileContext<'_>) -> Vec<Violation> {
    let places = places(file.machine).into_iter();
    places
        .map(|spot| {
            let message = "Nix takes store paths that nobody has signed";
            Violation::new(file.subject(), message)
                .at_spot(&spot, "signatures are not required")
                .help("delete the line; sign on the cache and trust its key instead")
        })
        .collect()
}

/// Where a file of the host shows it, that finding is enough.
fn evaluated(host: &EvaluatedHost<'_>) -> Verdict {
    let is_shown = || {
        let machine = host.machine();
        machine.is_some_and(|machine| !places(machine).is_empty())
    };
    if host.settings.nix.requires_signatures() || is_shown() {
        return Verdict::decided(None);
    }
    let message = format!(
        "Nix on `{}` takes store paths that nobody has signed",
        host.name
    );
    let help = "take `require-sigs = false` away; sign on the cache and trust its key instead";
    Verdict::decided([host.violation(message).help(help)])
}

/// Where files turn the requirement off.
fn places(machine: &Machine) -> Vec<Spot> {
    let old = machine.flag("nix.requireSignedBinaryCaches");
    let old = old.map(|(required, hit)| (required, hit.spot));
    let flags = [machine.nix_flag("nix.settings.require-sigs"), old];
    let off = flags
        .into_iter()
        .flatten()
        .filter(|(required, _)| !required);
    off.map(|(_, spot)| spot).collect()
}
