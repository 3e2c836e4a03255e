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
//! Write the path as a string, `"/var/lib/larder/kalaw-1.secret"`, and bring the
//! file there by another way: agenix, sops-nix, or `scp`. If the file was ever built
//! into a system, make a new key.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::FileContext;
use crate::lint::rule::Definition;
use crate::lint::violation::Violation;
use crate::survey::{Hit, Item, Spot, Value};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::File(copied)],
    evaluated_half: &[],
};

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

fn copied(file: &FileContext<'_>) -> Vec<Violation> {
    let hits = OPTIONS.iter().flat_map(|option| file.machine.all(option));
    hits.flat_map(|hit| of_setting(file, &hit)).collect()
}

fn of_setting(file: &FileContext<'_>, hit: &Hit) -> Vec<Violation> {
    let mut paths = Vec::new();
    collect(&hit.value, &hit.spot, &mut paths);
    let keys = paths.into_iter();
    let keys = keys.filter(|(path, _)| path.strip_suffix(".pub").is_none());
    keys.map(|(path, spot)| violation(file, path, &spot))
        .collect()
}

fn violation(file: &FileContext<'_>, path: &str, spot: &Spot) -> Violation {
    let message = format!("`{path}` is copied into the world-readable store");
    Violation::new(file.subject().part(path), message)
        .at_spot(spot, "a Nix path")
        .help("write the absolute path on the machine as a string: `\"/var/lib/…\"`")
}

fn collect<'v>(value: &'v Value, spot: &Spot, paths: &mut Vec<(&'v str, Spot)>) {
    match value {
        Value::Path(path) => paths.push((path, spot.clone())),
        Value::List(list) => {
            for item in &list.items {
                collect(&item.value, &at(item, spot), paths);
            }
        }
        Value::Set(entries) => {
            for (_, item) in entries {
                collect(&item.value, &at(item, spot), paths);
            }
        }
        Value::Text(text) => {
            for hole in &text.holes {
                collect(hole, spot, paths);
            }
        }
        _ => {}
    }
}

fn at(item: &Item, spot: &Spot) -> Spot {
    Spot {
        range: item.range.clone(),
        condition: item.condition.clone().or_else(|| spot.condition.clone()),
        ..spot.clone()
    }
}
