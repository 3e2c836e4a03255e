//! The options that larder cares about.

use crate::fleet::SecretManager;
use crate::survey::value::{Elsewhere, FileUse, Value};

/// The first two names of each option that is surveyed; the rest of a
/// configuration is none of larder's business.
const SURVEYED: &[(&str, &[&str])] = &[
    (
        "nix",
        &[
            "allowedUsers",
            "binaryCachePublicKeys",
            "binaryCaches",
            "buildMachines",
            "daemonUser",
            "enable",
            "extraOptions",
            "package",
            "requireSignedBinaryCaches",
            "settings",
            "sshServe",
            "trustedUsers",
        ],
    ),
    ("programs", &["ssh"]),
    (
        "services",
        &["harmonia", "nix-serve", "openssh", "tailscale"],
    ),
    ("age", &["secrets"]),
    ("sops", &["secrets"]),
    ("clan", &["core"]),
    ("environment", &["etc", "persistence"]),
    ("networking", &["firewall", "hostName"]),
    ("disko", &["devices"]),
    ("boot", &["binfmt"]),
    ("users", &["users"]),
    ("home", &["file"]),
    ("systemd", &["tmpfiles"]),
    ("system", &["activationScripts"]),
    (
        "nixpkgs",
        &[
            "buildPlatform",
            "crossSystem",
            "hostPlatform",
            "localSystem",
            "system",
        ],
    ),
];

/// Options of which everything is surveyed, whatever stands below: their names are places.
const SURVEYED_WHOLE: &[&str] = &["fileSystems"];

/// Where nothing but options of NixOS stands: a set below one of these that is not
/// surveyed need not be looked through.
const NAMESPACES: &[&str] = &[
    "boot",
    "console",
    "environment",
    "fileSystems",
    "fonts",
    "hardware",
    "i18n",
    "networking",
    "nix",
    "nixpkgs",
    "powerManagement",
    "programs",
    "security",
    "services",
    "sound",
    "swapDevices",
    "system",
    "systemd",
    "time",
    "users",
    "xdg",
];

/// True if no surveyed option can stand at or below the path `names` in `path`.
pub fn leads_nowhere(path: &[impl AsRef<str>], names: &[&str]) -> bool {
    let is_namespace = |name: &str| NAMESPACES.contains(&name);
    if is_at_roots_home(path, names) {
        return false;
    }
    let mut whole = path.iter().map(AsRef::as_ref).chain(names.iter().copied());
    if !whole.any(is_namespace) {
        return false;
    }
    match whole.next() {
        // A module may be named like a namespace: `modules.nixos.services`.
        Some(next) => !is_namespace(next) && next != "config" && !has_surveyed(path, names),
        None => false,
    }
}

/// True for what ends above the home of root, or at it: there the next names decide.
fn is_at_roots_home(path: &[impl AsRef<str>], names: &[&str]) -> bool {
    let whole = path.iter().map(AsRef::as_ref).chain(names.iter().copied());
    let mut last = whole.rev().take(ROOTS_HOME.len());
    match last.next() {
        Some("users") => last.next() == Some("home-manager"),
        Some("root") => last.eq(["users", "home-manager"]),
        _ => false,
    }
}

fn has_surveyed(path: &[impl AsRef<str>], names: &[&str]) -> bool {
    let whole = || path.iter().map(AsRef::as_ref).chain(names.iter().copied());
    let mut pairs = whole().zip(whole().skip(1));
    pairs.any(|(first, second)| is_surveyed(first, second))
}

/// Splits an attribute path into what is around the option and the option.
///
/// The innermost option counts: a module may well be named `nix`.
pub(super) fn split(path: &[String]) -> Option<(&[String], &[String])> {
    let mut starts = (0..path.len().saturating_sub(1)).rev();
    let at = starts.find(|&at| is_surveyed(&path[at], &path[at + 1]));
    at.map(|at| path.split_at(at - roots_home(&path[..at])))
}

/// How many names around an option make it one of root's home: ssh of the Nix daemon reads what
/// is written there, unlike in other homes.
fn roots_home(around: &[String]) -> usize {
    if around.ends_with(&ROOTS_HOME.map(str::to_owned)) {
        ROOTS_HOME.len()
    } else {
        0
    }
}

/// Where home-manager has the home of root.
const ROOTS_HOME: [&str; 3] = ["home-manager", "users", "root"];

fn is_surveyed(first: &str, second: &str) -> bool {
    let mut surveyed = SURVEYED.iter();
    SURVEYED_WHOLE.contains(&first)
        || surveyed.any(|(root, options)| *root == first && options.contains(&second))
}

/// True for an option whose entries are there by their names alone: `sops.secrets.wifi = { };`.
pub(super) fn has_names(path: &[String]) -> bool {
    let option = split(path).map(|(_, option)| option.join("."));
    option.is_some_and(|option| {
        let options = SecretManager::ALL.map(SecretManager::option);
        options
            .iter()
            .any(|one| option.starts_with(&format!("{one}.")))
    })
}

/// The value of an option; where it names a public file, what the file says.
pub(super) fn read_file(option: &[String], value: Value) -> Value {
    match value {
        Value::Path(file) if option.last().is_some_and(|name| name == "publicKeyFile") => {
            Value::Elsewhere(Elsewhere {
                file,
                names: Vec::new(),
                how: FileUse::Read,
            })
        }
        value => value,
    }
}

/// True if a set at this path may lead to a surveyed option as a whole value,
/// as in `nix = import ./nix.nix`.
pub(super) fn is_root(name: &str) -> bool {
    matches!(name, "nix" | "programs" | "services")
}
