//! A private key is named by a Nix path, which copies it into the store.
//!
//! ## Why is this bad
//! `./key` and `"${./key}"` put the file into `/nix/store`, where every user of
//! the machine can read it, and from where caches hand it on. Nothing warns.
//!
//! ## Example
//! ```nix
//! nix.settings.secret-key-files = [ ./secrets/kalaw-1.secret ];
//! ```
//!
//! ## What to do
//! Write the path as a string, `"/var/lib/larder/kalaw-1.secret"`, and put the
//! file there by another way (agenix, sops, `larder keys send`). If the file was
//! ever built into a system, make a new key.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::NixContext;
use crate::lint::finding::error;
use crate::lint::rule::Check;
use crate::survey::{Hit, Value};

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Nix(check);

/// Options whose values name private keys.
const OPTIONS: &[&str] = &[
    "nix.settings.secret-key-files",
    "nix.settings.substituters",
    "nix.settings.extra-substituters",
    "nix.extraOptions",
    "programs.ssh.extraConfig",
    "services.harmonia.signKeyPath",
    "services.harmonia.signKeyPaths",
    "services.nix-serve.secretKeyFile",
    "services.openssh.hostKeys",
];

fn check(nix: &NixContext<'_>) -> Vec<Diagnostic> {
    let hits = OPTIONS.iter().flat_map(|option| nix.machine.all(option));
    hits.flat_map(|hit| of_setting(nix, &hit)).collect()
}

fn of_setting(nix: &NixContext<'_>, hit: &Hit) -> Vec<Diagnostic> {
    let mut paths = Vec::new();
    collect(&hit.value, &hit.spot.range, &mut paths);
    let finding = |(path, range): (&str, &Range<usize>)| {
        error(format!("`{path}` is copied into the world-readable store"))
            .at(nix.source, range.clone(), "a Nix path")
            .help("write the absolute path on the machine as a string: `\"/var/lib/…\"`")
            .about(format!("{} {path}", nix.source.path))
    };
    let keys = paths
        .into_iter()
        .filter(|(path, _)| path.strip_suffix(".pub").is_none());
    keys.map(finding).collect()
}

fn collect<'v>(
    value: &'v Value,
    range: &'v Range<usize>,
    paths: &mut Vec<(&'v str, &'v Range<usize>)>,
) {
    match value {
        Value::Path(path) => paths.push((path, range)),
        Value::List(list) => {
            for item in &list.items {
                collect(&item.value, &item.range, paths);
            }
        }
        Value::Set(entries) => {
            for (_, item) in entries {
                collect(&item.value, &item.range, paths);
            }
        }
        Value::Text(text) => {
            for hole in &text.holes {
                collect(hole, range, paths);
            }
        }
        _ => {}
    }
}
