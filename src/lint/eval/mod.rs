//! What the repository's own Nix says of the hosts, compared with the inventory.
//!
//! Files show what people have written; only Nix knows what all modules come to.
//! Here its answers are judged: `io` has asked. A mistake that can be seen in a file
//! as well is found under the same rule, so that allowances and `--base` hold for
//! both, and what a file left open is settled.

mod client;
mod server;
mod settings;
mod ssh;
mod way;

use std::collections::BTreeMap;

pub use settings::{Answer, Settings};
pub(super) use way::{Answered, Way, at_host};

use self::way::Serving;
use crate::diagnostic::Diagnostic;
use crate::fleet::{Cache, Fleet, Host, HostName};
use crate::lint::finding::error;
use crate::lint::rule::Check;
use crate::lint::rules::RULES;
use crate::lint::{named, order};

/// Nix's answers, by host; a host that is not here was not asked about.
pub type Answers = BTreeMap<HostName, Answer>;

/// A finding under the rule that knows the same mistake in a file.
fn said(rule: &'static str, mut finding: Diagnostic) -> Diagnostic {
    finding.code = rule;
    finding
}

/// The hosts that serve or fetch, in order of their names: those to ask about.
pub fn concerned(fleet: &Fleet) -> Vec<&HostName> {
    let hosts = fleet.hosts.values();
    let concerned = hosts.filter(|host| {
        fleet.caches.contains_key(&host.name) || fleet.caches_of(host).next().is_some()
    });
    concerned.map(|host| &host.name).collect()
}

/// The findings in files, settled by Nix's answers, and what only these show.
pub fn settled(fleet: &Fleet, in_files: Vec<Diagnostic>, answers: &Answers) -> Vec<Diagnostic> {
    let mut found = judged(fleet, answers);
    let mut kept: Vec<Diagnostic> = Vec::new();
    for mut finding in in_files {
        let same = found
            .iter()
            .position(|other| other.fingerprint() == finding.fingerprint());
        if let Some(at) = same {
            // The file shows the place; Nix knows that it is so.
            finding.severity = finding.severity.max(found.remove(at).severity);
        } else if is_refuted(fleet, &finding, answers) {
            continue;
        }
        kept.push(finding);
    }
    let in_file = |finding: &Diagnostic| kept.iter().any(|other| other.code == finding.code);
    found.retain(|finding| !OF_FILES.contains(&finding.code) || !in_file(finding));
    kept.extend(found);
    order::by_place(kept)
}

/// Rules whose findings in files are about the file: what Nix adds is said where no
/// file shows it.
const OF_FILES: &[&str] = &[
    "cache-trusted-unsigned",
    "cache-writable",
    "nix-ssh-trusted",
    "signatures-not-required",
];

/// Rules about a client and a cache that the client's settings decide alone.
const OF_CLIENT: &[&str] = &[
    "batch-mode-missing",
    "cache-key-untrusted",
    "cache-unpinned",
    "connect-timeout-missing",
    "fallback-off",
    "host-key-identity-absent",
    "keep-alive-missing",
    "priority-before-public",
    "ssh-block-interferes",
    "substituters-overridden",
];

/// Rules about a client and a cache for which both must be known.
const OF_BOTH: &[&str] = &[
    "connections-hang",
    "identity-unauthorised",
    "protocol-mismatch",
];

/// Rules about a cache.
const OF_CACHE: &[&str] = &["cache-unsigned", "login-not-allowed", "serving-off"];

/// True if Nix was asked about all that a finding is about, and did not find it.
fn is_refuted(fleet: &Fleet, finding: &Diagnostic, answers: &Answers) -> bool {
    let about = finding.subject.split(' ').next().unwrap_or_default();
    let knows = |name: &str| {
        let answer = answers.iter().find(|(host, _)| host.as_str() == name);
        answer.is_some_and(|(_, answer)| answer.settings().is_some())
    };
    if OF_CACHE.contains(&finding.code) {
        return knows(about);
    }
    let Some((client, cache)) = about.split_once('>') else {
        return finding.code == "nix-disabled" && knows(about);
    };
    let is_wired =
        ready(fleet).any(|(on, of)| on.host.as_str() == cache && of.name.as_str() == client);
    let decided =
        OF_CLIENT.contains(&finding.code) || (OF_BOTH.contains(&finding.code) && knows(cache));
    is_wired && decided && knows(client)
}

/// Every cache and client that are, or should be, wired to each other.
fn ready(fleet: &Fleet) -> impl Iterator<Item = (&Cache, &Host)> {
    let caches = fleet.caches.values();
    let pairs = caches.flat_map(move |cache| fleet.clients(cache).map(move |host| (cache, host)));
    pairs.filter(move |(cache, host)| fleet.missing(cache, host).is_empty())
}

/// All that the answers show.
fn judged(fleet: &Fleet, answers: &Answers) -> Vec<Diagnostic> {
    let settings = |name: &HostName| answers.get(name).and_then(Answer::settings);
    let mut all = Vec::new();
    for (cache, client) in ready(fleet) {
        let Some(here) = settings(&client.name).filter(|here| here.nix.enable) else {
            continue;
        };
        let way = Way::new(fleet, cache, client, here, settings(&cache.host));
        all.extend(client::findings(&way));
        all.extend(server::lets_in(&way));
        all.extend(by_rules(|check| match check {
            Check::Way(check) => check(&way),
            _ => Vec::new(),
        }));
    }
    for cache in fleet.caches.values() {
        if let Some(here) = settings(&cache.host) {
            let serving = Serving { fleet, cache, here };
            all.extend(server::findings(&serving));
        }
    }
    let hosts = answers.iter();
    let hosts = hosts.filter_map(|(name, answer)| Some((fleet.hosts.get(name)?, answer)));
    let told = hosts
        .clone()
        .filter_map(|(host, answer)| Some((host, answer.settings()?)));
    for (host, here) in told {
        all.extend(disabled(fleet, host, here));
        all.extend(signatures(fleet, host, here));
    }
    let absent = hosts
        .clone()
        .filter(|(_, answer)| matches!(answer, Answer::Absent));
    all.extend(absent.map(|(host, _)| not_in_flake(fleet, host)));
    let of_hosts: Vec<Diagnostic> = hosts
        .flat_map(|(host, answer)| of_host(fleet, host, answer, &all))
        .collect();
    all.extend(of_hosts);
    all
}

fn of_host(
    fleet: &Fleet,
    host: &Host,
    answer: &Answer,
    findings: &[Diagnostic],
) -> Vec<Diagnostic> {
    let answered = Answered {
        fleet,
        host,
        answer,
        findings,
    };
    by_rules(|check| match check {
        Check::Answer(check) => check(&answered),
        _ => Vec::new(),
    })
}

fn by_rules(ask: impl Fn(&Check) -> Vec<Diagnostic>) -> Vec<Diagnostic> {
    let rules = RULES.iter();
    rules
        .flat_map(|rule| named(rule, ask(&rule.check)))
        .collect()
}

fn not_in_flake(fleet: &Fleet, host: &Host) -> Diagnostic {
    let name = &host.name;
    let finding = error(format!("the flake defines no host `{name}`"))
        .help(format!(
            "run `larder remove-host {name}`, or define `nixosConfigurations.{name}` in the flake"
        ))
        .about(name.as_str());
    said("host-not-in-flake", at_host(finding, fleet, host))
}

fn disabled(fleet: &Fleet, host: &Host, here: &Settings) -> Option<Diagnostic> {
    let is_client = fleet.caches_of(host).next().is_some();
    if here.nix.enable || !is_client {
        return None;
    }
    let name = &host.name;
    let finding = error(format!("`{name}` is a client, and has no nix.conf"))
        .help("set `nix.enable = true;`, or add the host to the cache's `except`")
        .about(name.as_str());
    Some(said("nix-disabled", at_host(finding, fleet, host)))
}

fn signatures(fleet: &Fleet, host: &Host, here: &Settings) -> Option<Diagnostic> {
    if here.wants_signatures() {
        return None;
    }
    let name = &host.name;
    let finding = error(format!(
        "Nix on `{name}` takes store paths that nobody has signed"
    ))
    .help("take `require-sigs = false` away; sign on the cache and trust its key instead")
    .about(name.as_str());
    Some(said(
        "signatures-not-required",
        at_host(finding, fleet, host),
    ))
}
