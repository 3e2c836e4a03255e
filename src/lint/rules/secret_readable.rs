//! The private key of a cache or a client may be read by others on the machine.
//!
//! ## Why is this bad
//! agenix and sops-nix make the file with the configured mode. ssh refuses
//! a key that others can read; Nix signs with one, and everyone on the machine can.
//!
//! ## Example
//! ```nix
//! age.secrets.kalaw-signing = { file = ./kalaw.age; mode = "0444"; };
//! ```
//!
//! ## What to do
//! Delete `mode`: `0400` is the default.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::HostContext;
use crate::lint::key_files;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::survey::{Hit, Machine};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Host(readable)],
    evaluated_half: &[],
};

/// Which option makes the files of a folder.
const MAKERS: &[(&str, &str)] = &[
    ("/run/agenix/", "age.secrets"),
    ("/run/secrets/", "sops.secrets"),
];

fn readable(host: &HostContext<'_>) -> Vec<Violation> {
    let Some(machine) = host.machine() else {
        return Vec::new();
    };
    let name = &host.name;
    let paths = key_files::private(host).into_iter();
    let modes = paths.filter_map(|path| Some((mode_of(machine, &path)?, path)));
    modes
        .filter(|(hit, _)| hit.value.text().is_some_and(is_readable))
        .map(|(hit, path)| {
            let message = format!("everyone on `{name}` can read `{path}`");
            Violation::new(Subject::host(host).part(path), message)
                .at_spot(&hit.spot, "readable by others")
                .help("delete `mode`: `0400` is the default")
        })
        .collect()
}

fn mode_of(machine: &Machine, path: &str) -> Option<Hit> {
    let made =
        |(folder, option): &(&str, &'static str)| Some((path.strip_prefix(folder)?, *option));
    let (name, option) = MAKERS.iter().find_map(made)?;
    let below = machine.below(option).into_iter();
    below
        .filter(|(names, _)| names.as_slice() == [name, "mode"])
        .map(|(_, hit)| hit)
        .next()
}

/// Octal digits; the last is what others may.
fn is_readable(mode: &str) -> bool {
    let others = mode.chars().next_back().and_then(|digit| digit.to_digit(8));
    others.is_some_and(|bits| bits & 4 != 0)
}
