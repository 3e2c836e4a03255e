//! A private key is in a folder that the machine wipes at every boot.
//!
//! ## Why is this bad
//! On a machine whose root is wiped (impermanence), a key that is made when it is
//! missing is a new key after each boot: clients ignore the new signatures, caches
//! refuse the new identity.
//!
//! ## Example
//! ```nix
//! fileSystems."/".fsType = "tmpfs";
//! environment.persistence."/persist".directories = [ "/var/log" ];
//! # and a signing key in /var/lib/larder
//! ```
//!
//! ## What to do
//! Add the key's folder to `environment.persistence`, or put the key into a folder
//! that stays: one below a persistent place, or on a file system of its own.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::HostContext;
use crate::lint::key_files;
use crate::lint::rule::Definition;
use crate::lint::subject::{Subject, is_within};
use crate::lint::violation::Violation;
use crate::survey::{Machine, Spot, Value};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Host(forgotten)],
    evaluated_half: &[],
};

/// Folders that are made anew by what fills them, or are never wiped.
const SAFE: &[&str] = &["/run/", "/nix/", "/boot/"];

fn forgotten(host: &HostContext<'_>) -> Vec<Violation> {
    let Some(machine) = host.machine() else {
        return Vec::new();
    };
    let Some(spot) = forgets(machine) else {
        return Vec::new();
    };
    let stays: Vec<String> = persistent(machine)
        .into_iter()
        .chain(mounted(machine))
        .chain(linked(machine))
        .collect();
    let is_kept = |path: &String| {
        SAFE.iter().any(|folder| path.starts_with(folder))
            || stays.iter().any(|kept| is_within(path, kept))
    };
    let lost = key_files::private(host)
        .into_iter()
        .filter(|path| !is_kept(path));
    lost.map(|path| violation(host, &path, &spot)).collect()
}

fn violation(host: &HostContext<'_>, path: &str, spot: &Spot) -> Violation {
    let name = &host.name;
    let folder = path.rsplit_once('/').map_or("/", |(folder, _)| folder);
    let message = format!("`{name}` forgets the key `{path}` at every boot");
    Violation::new(Subject::host(host).part(path), message)
        .at_spot(spot, "what is not named here does not stay")
        .help(format!(
            "add `\"{folder}\"` to `directories` of `environment.persistence`"
        ))
}

/// Where the machine says that it keeps only what is named.
fn forgets(machine: &Machine) -> Option<Spot> {
    let kept = machine.below("environment.persistence");
    kept.into_iter()
        .find(|(names, _)| names.get(1).is_some_and(|name| name == "directories"))
        .map(|(_, hit)| hit.spot)
}

/// Everything that stays: the persistent places themselves, and the folders and
/// files that are named under them.
fn persistent(machine: &Machine) -> Vec<String> {
    let mut all = Vec::new();
    for (names, hit) in machine.below("environment.persistence") {
        all.extend(names.first().cloned());
        if let Value::List(list) = &hit.value {
            all.extend(list.items.iter().filter_map(|item| named(&item.value)));
        }
    }
    all
}

/// File systems whose content is gone after a boot.
const VOLATILE: &[&str] = &["tmpfs", "ramfs", "overlay"];

/// The places of other file systems than the root's, which stay.
fn mounted(machine: &Machine) -> Vec<String> {
    let systems = machine.below("fileSystems");
    let volatile: Vec<&String> = systems
        .iter()
        .filter(|(names, _)| names.last().is_some_and(|name| name == "fsType"))
        .filter(|(_, hit)| hit.value.text().is_some_and(|text| VOLATILE.contains(&text)))
        .filter_map(|(names, _)| names.first())
        .collect();
    let places = systems.iter().filter_map(|(names, _)| names.first());
    let places = places.filter(|place| *place != "/" && !volatile.contains(place));
    let disko = machine.below("disko.devices").into_iter();
    let mounted = disko.filter(|(names, _)| names.last().is_some_and(|it| it == "mountpoint"));
    let mounted = mounted.filter_map(|(_, hit)| Some(hit.value.text()?.to_owned()));
    let mounted = mounted.filter(|place| place != "/");
    places.cloned().chain(mounted).collect()
}

/// The files below `/etc` that are links to somewhere else.
fn linked(machine: &Machine) -> Vec<String> {
    let files = machine.below("environment.etc").into_iter();
    let sources = files.filter(|(names, _)| names.last().is_some_and(|it| it == "source"));
    let names = sources.filter_map(|(names, _)| names.first().cloned());
    names.map(|name| format!("/etc/{name}")).collect()
}

/// `"/var/lib"`, or `{ directory = "/var/lib"; … }`.
fn named(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.whole()?.to_owned()),
        Value::Set(entries) => {
            let is_path = |key: &str| matches!(key, "directory" | "file");
            let entry = entries.iter().find(|(key, _)| is_path(key))?;
            Some(entry.1.value.text()?.to_owned())
        }
        _ => None,
    }
}
