//! A client whose platform the cache does not build for.
//!
//! ## Why is this bad
//! A store path is for one platform. The client asks the cache for every path, and finds
//! next to nothing: sources, and what does not depend on a platform.
//!
//! ## Example
//! ```toml
//! [hosts.kalaw]
//! system = "x86_64-linux"
//!
//! [hosts.pi]
//! system = "aarch64-linux"
//!
//! [caches.kalaw]
//! clients = ["@all"]
//! ```
//!
//! ## What to do
//! Leave the client out with `except`, or let the cache build for it, by emulation
//! (`boot.binfmt.emulatedSystems`), on another machine (`nix.buildMachines`), or across
//! (`nixpkgs.buildPlatform` of the client).

use std::collections::BTreeSet;

use crate::diagnostic::Severity;
use crate::fleet::{Host, System};
use crate::lint::check::StaticCheck;
use crate::lint::context::{Context, LinkContext};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::survey::Machine;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Note,
    static_half: &[StaticCheck::Link(differs)],
    evaluated_half: &[],
};

/// What the processors of one platform run of another without emulation.
const NATIVE: &[(&str, &str)] = &[
    ("x86_64-linux", "i686-linux"),
    ("aarch64-linux", "armv7l-linux"),
    ("aarch64-linux", "armv6l-linux"),
];
/// Where a host says for which other platforms it builds.
const OTHER_PLATFORMS: &[&str] = &[
    "boot.binfmt.emulatedSystems",
    "nix.settings.extra-platforms",
    "nix.settings.extra-extra-platforms",
];
/// Where a host says that another platform builds it.
const CROSS: &[&str] = &[
    "nixpkgs.buildPlatform",
    "nixpkgs.buildPlatform.system",
    "nixpkgs.crossSystem",
    "nixpkgs.crossSystem.system",
];

fn differs(link: &LinkContext<'_>) -> Vec<Violation> {
    let context = link.context;
    let ours = platform(context, link.client, link.machine());
    let theirs = platform(context, link.server, link.server_machine());
    let (Some(ours), Some(theirs)) = (ours, theirs) else {
        return Vec::new();
    };
    let is_native = ours == theirs || NATIVE.contains(&(theirs.as_str(), ours.as_str()));
    let builds = |machine| may_build_for(machine, &ours);
    if is_native || link.server_machine().is_some_and(builds) || link.machine().is_some_and(is_cross)
    {
        return Vec::new();
    }
    let (client, server) = (&link.client.name, &link.server.name);
    let message = format!(
        "`{client}` is {ours}, and `{server}` builds for {theirs}: it finds next to nothing there"
    );
    let keys = ["caches", server.as_str(), "clients"];
    let violation = Violation::new(Subject::link(link), message)
        .at_key(context.fleet, &keys, &link.cache.range, "")
        .help(format!("leave it out: `larder add-cache {server} --except {client}`"))
        .help(format!(
            "or let `{server}` build for it: `boot.binfmt.emulatedSystems = [ \"{ours}\" ];`"
        ));
    vec![violation]
}

/// The platform of a host: what the inventory, the flake or its modules say.
fn platform(context: &Context<'_>, host: &Host, machine: Option<&Machine>) -> Option<String> {
    let of_inventory = host.system.map(|system| system.as_str().to_owned());
    let of_flake = || context.in_flake(&host.name)?.system.clone();
    of_inventory.or_else(of_flake).or_else(|| of_modules(machine?))
}

/// Where two of them say something else, or one what is no platform, it is not known.
fn of_modules(machine: &Machine) -> Option<String> {
    let options = ["nixpkgs.hostPlatform", "nixpkgs.hostPlatform.system"];
    let words = options.into_iter().flat_map(|option| machine.words(option));
    let mut platforms: BTreeSet<String> = words.map(|word| word.text).collect();
    let only = platforms.pop_first().filter(|_| platforms.is_empty())?;
    only.parse::<System>().is_ok().then_some(only)
}

fn may_build_for(machine: &Machine, platform: &str) -> bool {
    let is_named = |option: &str| {
        let mut words = machine.words(option).into_iter();
        machine.is_hidden(option) || words.any(|word| word.text == platform)
    };
    OTHER_PLATFORMS.iter().any(|option| is_named(option)) || machine.says("nix.buildMachines")
}

fn is_cross(machine: &Machine) -> bool {
    CROSS.iter().any(|option| machine.says(option))
}
