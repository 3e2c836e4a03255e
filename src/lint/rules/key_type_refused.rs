//! sshd of a cache does not use keys of the type that its clients have, or pin.
//!
//! ## Why is this bad
//! `PubkeyAcceptedAlgorithms` without the type of a client's key refuses the login, and with
//! `HostKeyAlgorithms` without that of the host key the two ends agree on nothing. Lists of
//! this kind come with hardening, and often know RSA alone. Every build makes everything
//! itself.
//!
//! ## Example
//! ```nix
//! # on a cache whose clients log in with `ssh-ed25519` keys
//! services.openssh.settings.PubkeyAcceptedAlgorithms = "rsa-sha2-512,rsa-sha2-256";
//! ```
//!
//! ## What to do
//! Add `ssh-ed25519`, or begin the list with `+`: then it adds to what sshd takes by itself.

use std::collections::BTreeMap;

use crate::diagnostic::Severity;
use crate::fleet::{Cache, HostName, some_of};
use crate::key::Algorithm;
use crate::lint::algorithms::allows;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::CacheContext;
use crate::lint::evaluated::{EvaluatedCache, Sshd};
use crate::lint::rule::Definition;
use crate::lint::sshd_text::SshdText;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::{Hit, Machine, Spot, Value};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Cache(in_files)],
    evaluated_half: &[EvaluatedCheck::ServingCache(evaluated)],
};

const SETTINGS: &str = "services.openssh.settings";

/// A list of algorithms.
struct Limit {
    /// As sshd calls it, and as it was called before.
    keywords: [&'static str; 2],
    /// What an evaluation tells of it.
    effective: fn(&Sshd) -> Option<&String>,
    /// The types of keys that it is about, each with what is wrong where it lacks them.
    needed: fn(&CacheContext<'_>) -> Vec<(Algorithm, String)>,
}

const LIMITS: &[Limit] = &[
    Limit {
        keywords: ["PubkeyAcceptedAlgorithms", "PubkeyAcceptedKeyTypes"],
        effective: |sshd| sshd.pubkey_accepted_algorithms.as_ref(),
        needed: of_clients,
    },
    Limit {
        keywords: ["HostKeyAlgorithms", "HostKeyAlgorithms"],
        effective: |sshd| sshd.host_key_algorithms.as_ref(),
        needed: of_host,
    },
];

/// The types of the keys with which the clients log in.
fn of_clients(cache: &CacheContext<'_>) -> Vec<(Algorithm, String)> {
    let fleet = cache.context.fleet;
    let mut clients: BTreeMap<Algorithm, Vec<&HostName>> = BTreeMap::new();
    for client in fleet.clients(cache) {
        for key in fleet.identity(cache, client).public_keys(client) {
            let names = clients.entry(key.algorithm()).or_default();
            if names.last() != Some(&&client.name) {
                names.push(&client.name);
            }
        }
    }
    let host = &cache.host;
    let wrong = |(kind, clients): (Algorithm, Vec<&HostName>)| {
        let (kind_name, clients) = (kind.name(), some_of(clients));
        let message =
            format!("sshd of the cache `{host}` takes no `{kind_name}` key, which is that of {clients}");
        (kind, message)
    };
    clients.into_iter().map(wrong).collect()
}

/// The types of the host keys that clients pin.
fn of_host(cache: &CacheContext<'_>) -> Vec<(Algorithm, String)> {
    let host = &cache.host;
    let wrong = |kind: Algorithm| {
        let kind_name = kind.name();
        let message = format!(
            "sshd of the cache `{host}` does not show its `{kind_name}` host key, which clients pin"
        );
        (kind, message)
    };
    let keys = cache.server.host_keys();
    keys.map(|key| wrong(key.algorithm())).collect()
}

fn in_files(cache: &CacheContext<'_>) -> Vec<Violation> {
    let Some(machine) = cache.machine() else {
        return Vec::new();
    };
    let text = SshdText::of_machine(machine, cache.login_user());
    let of_limit = |limit: &Limit| {
        let lists = limit.in_files(machine, &text)?;
        let lacks = |kind: Algorithm| lists.iter().all(|(list, _)| !allows(list, kind));
        let mut needed = (limit.needed)(cache).into_iter();
        let (kind, message) = needed.find(|(kind, _)| lacks(*kind))?;
        let (_, spot) = lists.first()?;
        let violation = Violation::new(subject(cache, limit), message);
        Some(violation.at_spot(spot, "").help(help(kind)))
    };
    LIMITS.iter().filter_map(of_limit).collect()
}

impl Limit {
    /// The lists that the files have, each where it stands, of which one is in force; `None`:
    /// not all of them are known.
    fn in_files(&self, machine: &Machine, text: &SshdText) -> Option<Vec<(String, Spot)>> {
        let lower = self.keywords.map(str::to_ascii_lowercase);
        if lower.iter().any(|keyword| text.is_open(keyword)) {
            return None;
        }
        let of_line = |line: Option<_>| {
            let line: &crate::lint::sshd_text::SshdLine = line?;
            Some(vec![(line.arguments().concat(), line.spot()?.clone())])
        };
        let in_block = lower.iter().find_map(|keyword| of_line(text.of_block(keyword)));
        if in_block.is_some() {
            return in_block;
        }
        let options = self.keywords.map(|keyword| format!("{SETTINGS}.{keyword}"));
        if options.iter().any(|option| machine.is_hidden(option)) {
            return None;
        }
        let mut hits: Vec<Hit> = options.iter().flat_map(|option| machine.all(option)).collect();
        hits.sort_by_key(|hit| !hit.is_conditional());
        if hits.is_empty() {
            return lower.iter().find_map(|keyword| of_line(text.of_everybody(keyword)));
        }
        let list = |hit: Hit| Some((list_of(&hit.value)?, hit.spot));
        hits.into_iter().map(list).collect()
    }

    fn option(&self) -> String {
        format!("{SETTINGS}.{}", self.keywords[0])
    }
}

/// The list as sshd has it, which NixOS writes from a string or a list.
fn list_of(value: &Value) -> Option<String> {
    match value {
        Value::List(list) if !list.open => {
            let items = list.items.iter().map(|item| item.value.text());
            Some(items.collect::<Option<Vec<&str>>>()?.join(","))
        }
        value => value.text().map(str::to_owned),
    }
}

fn evaluated(cache: &EvaluatedCache<'_>) -> Verdict {
    let sshd = &cache.settings.sshd;
    let text = SshdText::of(&sshd.extra_config, cache.login_user());
    let keywords = LIMITS.iter().flat_map(|limit| limit.keywords);
    let mut keywords = keywords.map(str::to_ascii_lowercase);
    if keywords.any(|keyword| text.is_open(&keyword)) {
        return Verdict::Open;
    }
    let of_limit = |limit: &Limit| {
        let lower = limit.keywords.map(str::to_ascii_lowercase);
        let in_block = lower.iter().find_map(|keyword| text.of_block(keyword));
        let outside = || lower.iter().find_map(|keyword| text.of_everybody(keyword));
        let of_settings = || (limit.effective)(sshd).cloned();
        let list = in_block.map(|line| line.arguments().concat());
        let list = list.or_else(of_settings);
        let list = list.or_else(|| Some(outside()?.arguments().concat()))?;
        let mut needed = (limit.needed)(cache).into_iter();
        let (kind, message) = needed.find(|(kind, _)| !allows(&list, *kind))?;
        let violation = cache.violation_of(subject(cache, limit), message);
        Some(violation.help(help(kind)))
    };
    Verdict::decided(LIMITS.iter().filter_map(of_limit))
}

fn subject(cache: &Cache, limit: &Limit) -> Subject {
    Subject::cache(cache).part(limit.option())
}

fn help(kind: Algorithm) -> String {
    let kind = kind.name();
    format!("let the list have `{kind}`, or begin it with `+`: then it adds to the default")
}
