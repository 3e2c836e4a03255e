//! The private key of a cache or a client may be read by others on the machine.
//!
//! ## Why is this bad
//! agenix and sops-nix make the file with the mode that they are told. ssh refuses
//! a key that others can read; Nix signs with one, and everyone on the machine can.
//!
//! ## Example
//! ```nix
//! age.secrets.kalaw-signing = { file = ./kalaw.age; mode = "0444"; };
//! ```
//!
//! ## What to do
//! Delete `mode`: `0400` is the default.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::HostContext;
use crate::lint::finding::{at, error};
use crate::lint::keys;
use crate::lint::rule::Check;
use crate::survey::{Hit, Machine};

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Host(check);

/// Which option makes the files of a folder.
const MAKERS: &[(&str, &str)] = &[
    ("/run/agenix/", "age.secrets"),
    ("/run/secrets/", "sops.secrets"),
];

fn check(host: &HostContext<'_>) -> Vec<Diagnostic> {
    let Some(machine) = host.machine() else {
        return Vec::new();
    };
    let paths = keys::private_files(host).into_iter();
    let readable = paths.filter_map(|path| Some((mode_of(machine, &path)?, path)));
    readable
        .filter(|(hit, _)| hit.value.text().is_some_and(is_readable))
        .map(|(hit, path)| {
            let finding = error(format!(
                "everyone on `{}` can read `{path}`",
                host.host.name
            ))
            .help("delete `mode`: `0400` is the default")
            .about(format!("{} {path}", host.host.name));
            at(finding, &hit.spot, "readable by others")
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
