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
//!
//! More than twelve clients of one platform are one finding, about their cache. A client that
//! an allowance names has one of its own.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Severity;
use crate::fleet::{Host, HostName, System};
use crate::lint::check::StaticCheck;
use crate::lint::context::{Context, LinkContext};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::survey::Machine;
use crate::text::some_quoted;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Note,
    static_half: &[StaticCheck::Fleet(differ)],
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

/// More clients of one platform are not told apart: for all of them the same is to be done.
const FEW: usize = 12;

/// A link whose ends are of different platforms.
struct Difference<'a> {
    link: LinkContext<'a>,
    ours: String,
    theirs: String,
}

fn differ(context: &Context<'_>) -> Vec<Violation> {
    let all: Vec<Difference<'_>> = context.links().filter_map(Difference::of).collect();
    let mut alike: BTreeMap<(&HostName, &str), Vec<&Difference<'_>>> = BTreeMap::new();
    for one in all.iter().filter(|one| !one.is_allowed_by_name()) {
        alike.entry(one.kind()).or_default().push(one);
    }
    let violation = |one: &Difference<'_>| match alike.get(&one.kind()) {
        Some(many) if many.len() > FEW && !one.is_allowed_by_name() => {
            std::ptr::eq(many[0], one).then(|| of_many(context, many))
        }
        _ => Some(one.violation(context)),
    };
    all.iter().filter_map(violation).collect()
}

impl<'a> Difference<'a> {
    fn of(link: LinkContext<'a>) -> Option<Self> {
        let context = link.context;
        let ours = platform(context, link.client, || link.machine())?;
        let theirs = platform(context, link.server, || link.server_machine())?;
        let is_native = ours == theirs || NATIVE.contains(&(theirs.as_str(), ours.as_str()));
        let is_built = || {
            let builds = |machine| may_build_for(machine, &ours);
            link.server_machine().is_some_and(builds) || link.machine().is_some_and(is_cross)
        };
        let differs = !is_native && !is_built();
        differs.then_some(Self { link, ours, theirs })
    }

    /// What makes several of them one.
    fn kind(&self) -> (&HostName, &str) {
        (&self.link.cache.host, self.ours.as_str())
    }

    fn is_allowed_by_name(&self) -> bool {
        let client = self.link.client.name.as_str();
        let mut allowances = self.link.context.fleet.allowances.iter();
        allowances.any(|allowance| allowance.at.as_deref() == Some(client))
    }

    fn violation(&self, context: &Context<'_>) -> Violation {
        let (client, server) = (&self.link.client.name, &self.link.server.name);
        let message = format!(
            "`{client}` is {}, and `{server}` builds for {}: it finds next to nothing there",
            self.ours, self.theirs
        );
        let leave_out = format!("leave it out: `larder add-cache {server} --except {client}`");
        let violation = Violation::new(Subject::link(&self.link), message).help(leave_out);
        self.placed(context, violation)
    }

    /// Points at the clients of the cache, and says what else helps.
    fn placed(&self, context: &Context<'_>, violation: Violation) -> Violation {
        let server = &self.link.server.name;
        let keys = ["caches", server.as_str(), "clients"];
        violation
            .at_key(context.fleet, &keys, &self.link.cache.range, "")
            .help(format!(
                "or let `{server}` build for it: `boot.binfmt.emulatedSystems = [ \"{}\" ];`",
                self.ours
            ))
    }
}

fn of_many(context: &Context<'_>, many: &[&Difference<'_>]) -> Violation {
    let one = many[0];
    let (server, ours) = (&one.link.server.name, &one.ours);
    let clients = many.iter().map(|one| one.link.client.name.as_str());
    let message = format!(
        "{} are {ours}, and `{server}` builds for {}: they find next to nothing there",
        some_quoted(clients),
        one.theirs
    );
    let leave_out = format!(
        "give them the tag `{ours}`, and leave it out: \
         `larder add-cache {server} --except @{ours}`"
    );
    let subject = Subject::cache(one.link.cache).part(ours.as_str());
    one.placed(context, Violation::new(subject, message).help(leave_out))
}

/// The platform of a host: what the inventory, the flake or its modules say.
fn platform<'a>(
    context: &Context<'_>,
    host: &Host,
    machine: impl FnOnce() -> Option<&'a Machine>,
) -> Option<String> {
    let of_inventory = host.system.map(|system| system.as_str().to_owned());
    let of_flake = || context.in_flake(&host.name)?.system.clone();
    let of_modules = || of_modules(machine()?);
    of_inventory.or_else(of_flake).or_else(of_modules)
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
