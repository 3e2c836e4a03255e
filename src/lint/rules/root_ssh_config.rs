//! The repository writes an ssh configuration for root, which comes before the cache's.
//!
//! ## Why is this bad
//! The Nix daemon logs in as root, and of each setting ssh takes the first value that it finds:
//! `/root/.ssh/config` comes before `/etc/ssh/ssh_config`, where the settings for the cache
//! are. A `User`, `Port` or `IdentityFile` for all hosts there, and no login works; a
//! `ServerAliveInterval 0`, and a cache that stops answering hangs builds. home-manager writes
//! such lines for all hosts by default.
//!
//! ## Example
//! ```nix
//! home-manager.users.root.programs.ssh.enable = true;
//! ```
//!
//! ## What to do
//! Put what root's ssh needs into `programs.ssh.extraConfig` of NixOS, where the block for the
//! cache comes first. What is only for hosts that are no caches does not hurt: then allow this
//! finding in `larder.toml`. `larder doctor` says whether the login is still as it is to be.

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::LinkContext;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::survey::{Hit, Machine, Spot, Value};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Link(written)],
    evaluated_half: &[],
};

const FILE: &str = "/root/.ssh/config";
const HOME: &str = "home-manager.users.root";

fn written(link: &LinkContext<'_>) -> Vec<Violation> {
    let machine = link.machine().filter(|_| !link.is_tunnelled());
    let spot = machine.and_then(|machine| {
        let by_options = by_home_manager(machine, link);
        by_options
            .or_else(|| by_home_file(machine))
            .or_else(|| by_tmpfiles(machine))
            .or_else(|| by_script(machine))
    });
    let (client, cache) = (&link.client.name, &link.cache.host);
    let violation = spot.map(|spot| {
        let message = format!(
            "root's own ssh configuration on `{client}` comes before that for the cache `{cache}`"
        );
        Violation::new(Subject::link(link), message)
            .at_spot(&spot, "written here")
            .help("put what root's ssh needs into `programs.ssh.extraConfig` of NixOS")
            .help(format!("`larder doctor {client}` says whether it does harm"))
    });
    violation.into_iter().collect()
}

/// home-manager's own module for ssh, unless it writes blocks of other hosts alone.
fn by_home_manager(machine: &Machine, link: &LinkContext<'_>) -> Option<Spot> {
    let all = machine.below(&format!("{HOME}.programs.ssh"));
    let is_on = |(below, hit): &(Vec<String>, Hit)| below[..] == ["enable"] && may_be_true(hit);
    if !all.iter().any(is_on) {
        return None;
    }
    let has_defaults = !all.iter().any(|(below, hit)| {
        below[..] == ["enableDefaultConfig"] && hit.value.bool() == Some(false)
    });
    let harmful = all.into_iter().find(|(below, _)| match &below[..] {
        [first] if first == "enable" => has_defaults,
        [first, name, ..] if first == "matchBlocks" || first == "settings" => {
            name.contains(['*', '?', ' ']) || name == link.address.as_str()
        }
        [first, ..] => !matches!(first.as_str(), "enable" | "enableDefaultConfig" | "package"),
        [] => true,
    });
    harmful.map(|(_, hit)| hit.spot)
}

fn may_be_true(hit: &Hit) -> bool {
    hit.value.bool() != Some(false)
}

fn by_home_file(machine: &Machine) -> Option<Spot> {
    let files = machine.below(&format!("{HOME}.home.file"));
    let mut files = files.into_iter();
    let file = files.find(|(below, _)| below.first().is_some_and(|name| name == ".ssh/config"));
    file.map(|(_, hit)| hit.spot)
}

fn by_tmpfiles(machine: &Machine) -> Option<Spot> {
    let rules = machine.words("systemd.tmpfiles.rules").into_iter();
    let mut rules = rules.filter(|rule| rule.text.split_whitespace().any(|word| word == FILE));
    let settings = machine.below("systemd.tmpfiles.settings").into_iter();
    let mut settings = settings.filter(|(below, _)| below.iter().any(|name| name == FILE));
    let by_rule = rules.next().map(|rule| rule.spot);
    by_rule.or_else(|| settings.next().map(|(_, hit)| hit.spot))
}

fn by_script(machine: &Machine) -> Option<Spot> {
    let scripts = machine.below("system.activationScripts").into_iter();
    let mut scripts = scripts.filter(|(_, hit)| match &hit.value {
        Value::Text(_) => hit.spot.written().contains(FILE),
        _ => false,
    });
    scripts.next().map(|(_, hit)| hit.spot)
}
