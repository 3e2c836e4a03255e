//! The host of a cache does not serve.
//!
//! ## Why is this bad
//! `nix.sshServe` or harmonia, sshd or Nix itself is turned off in one of its modules: every
//! login of its clients fails.
//!
//! ## Example
//! ```nix
//! # on kalaw, a cache
//! services.openssh.enable = lib.mkForce false;
//! ```
//!
//! ## What to do
//! Delete the line, or run `larder remove-cache`.

use crate::diagnostic::Severity;
use crate::fleet::Cache;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::CacheContext;
use crate::lint::evaluated::EvaluatedCache;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Cache(in_files)],
    evaluated_half: &[EvaluatedCheck::Cache(evaluated)],
};

/// What serving needs whatever the engine is.
const SWITCHES: &[&str] = &["nix.enable", "services.openssh.enable"];
const OF_SSH: &[&str] = &["nix.sshServe.enable"];
/// NixOS has moved the option.
const OF_HARMONIA: &[&str] = &["services.harmonia.enable", "services.harmonia.cache.enable"];

fn in_files(cache: &CacheContext<'_>) -> Vec<Violation> {
    let Some(machine) = cache.machine() else {
        return Vec::new();
    };
    let of_ssh = OF_SSH.iter().filter(|_| cache.ssh_protocol().is_some());
    let of_harmonia = OF_HARMONIA.iter().filter(|_| cache.has_harmonia());
    let switches = SWITCHES.iter().chain(of_ssh).chain(of_harmonia);
    let switches = switches.filter_map(|switch| Some((switch, machine.flag(switch)?)));
    let off = switches.filter(|(_, (on, _))| !on);
    let name = &cache.host;
    off.map(|(switch, (_, hit))| {
        Violation::new(subject(cache, switch), message(cache, switch))
            .at_spot(&hit.spot, "")
            .help("delete the line")
            .help(format!("or run `larder remove-cache {name}`"))
    })
    .collect()
}

fn evaluated(cache: &EvaluatedCache<'_>) -> Verdict {
    let switches = cache.switches().into_iter();
    let off = switches.filter(|(_, on)| !on);
    let name = &cache.host;
    Verdict::decided(off.map(|(switch, _)| {
        let violation = cache.violation_of(subject(cache, switch), message(cache, switch));
        violation
            .help("look for what turns it off")
            .help(format!("or run `larder remove-cache {name}`"))
    }))
}

fn subject(cache: &Cache, switch: &str) -> Subject {
    Subject::cache(cache).part(switch)
}

fn message(cache: &Cache, switch: &str) -> String {
    format!(
        "the cache `{}` does not serve: `{switch}` is off",
        cache.host
    )
}
