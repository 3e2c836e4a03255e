//! A private key is named by a Nix path, which copies it into the store.
//!
//! ## Why is this bad
//! `./key` and `"${./key}"` put the file into `/nix/store`, where every user of
//! the machine can read it, and from where caches hand it on. Nothing warns. (An absolute
//! path in `nix.settings` is written to nix.conf as it is, and nothing is copied.)
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
    "nix.settings.netrc-file",
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
    let of_option = |option: &&str| of_option(file, option);
    OPTIONS.iter().flat_map(of_option).collect()
}

fn of_option(file: &FileContext<'_>, option: &str) -> Vec<Violation> {
    let hits = file.machine.all(option);
    // NixOS writes nix.conf with `toString`, which copies nothing.
    let copies = !option.starts_with("nix.settings.");
    let of_hit = |hit| of_setting(file, hit, copies);
    hits.iter().flat_map(of_hit).collect()
}

fn of_setting(file: &FileContext<'_>, hit: &Hit, copies: bool) -> Vec<Violation> {
    let mut paths = Vec::new();
    collect(&hit.value, &hit.spot, copies, &mut paths);
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

/// The paths of a value that end up in the store: those in `"${…}"`, those of the flake's
/// own source, and all others where the option `copies` what it is given.
fn collect<'v>(value: &'v Value, spot: &Spot, copies: bool, paths: &mut Vec<(&'v str, Spot)>) {
    match value {
        Value::Path(path) if copies || !path.starts_with('/') => paths.push((path, spot.clone())),
        Value::List(list) => {
            for item in &list.items {
                collect(&item.value, &at(item, spot), copies, paths);
            }
        }
        Value::Set(entries) => {
            for (_, item) in entries {
                collect(&item.value, &at(item, spot), copies, paths);
            }
        }
        Value::Text(text) => {
            for hole in &text.holes {
                collect(hole, spot, true, paths);
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
