//! A cache has no SSH host key of the type that its clients pin.
//!
//! ## Why is this bad
//! A client takes only the key that it pins. Where `services.openssh.hostKeys` of the cache
//! lists no key of that type, sshd shows another one: every connection fails with `Host key
//! verification failed`, in the journal of nix-daemon only, and every client builds
//! everything itself. While the key changes this holds for both, the old one and the new one.
//!
//! ## Example
//! ```nix
//! # on a cache whose `host-key` in larder.toml is `ssh-ed25519 …`
//! services.openssh.hostKeys = [ { type = "rsa"; path = "/etc/ssh/ssh_host_rsa_key"; } ];
//! ```
//!
//! ## What to do
//! Add a key of the type to the list; or give the inventory the key that sshd has: `larder
//! keys set HOST KEY --replace`.

use crate::diagnostic::Severity;
use crate::fleet::Host;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::CacheContext;
use crate::lint::evaluated::EvaluatedCache;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::Machine;

const HOST_KEYS: &str = "services.openssh.hostKeys";

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Cache(in_files)],
    evaluated_half: &[EvaluatedCheck::ServingCache(evaluated)],
};

/// The types of the keys that NixOS makes where nobody says otherwise.
const DEFAULT: [&str; 2] = ["rsa", "ed25519"];

/// The list is nowhere in the files, which were all read, and so it is that of NixOS.
fn by_default(cache: &CacheContext<'_>) -> Option<Violation> {
    let machine = cache.machine()?;
    let is_said = machine.says(HOST_KEYS) || machine.is_hidden(HOST_KEYS);
    if is_said || !machine.unread().is_empty() {
        return None;
    }
    let wanted = absent(cache.server, &DEFAULT)?;
    let violation = Violation::new(Subject::cache(cache), message(cache.server, wanted));
    let fleet = cache.context.fleet;
    let violation = violation.at_key_of_host(fleet, cache.server, "host-key", "this key");
    Some(helped(violation, cache.server))
}

fn in_files(cache: &CacheContext<'_>) -> Vec<Violation> {
    if let Some(violation) = by_default(cache) {
        return vec![violation];
    }
    let types = cache.machine().and_then(Machine::host_key_types);
    let violation = types.and_then(|(types, spot)| {
        let wanted = absent(cache.server, &types)?;
        let violation = Violation::new(Subject::cache(cache), message(cache.server, wanted));
        Some(helped(violation.at_spot(&spot, format!("no {wanted} key")), cache.server))
    });
    violation.into_iter().collect()
}

fn evaluated(cache: &EvaluatedCache<'_>) -> Verdict {
    let wanted = absent(cache.server, &cache.settings.host_key_types());
    Verdict::decided(wanted.map(|wanted| {
        let violation = cache.violation(message(cache.server, wanted));
        helped(violation, cache.server)
    }))
}

/// The type of a pinned key of the host, if sshd has none of it. While the key changes clients
/// pin two, and the new one may have another type.
fn absent(server: &Host, types: &[impl AsRef<str>]) -> Option<&'static str> {
    let is_there = |wanted: &str| types.iter().any(|kind| kind.as_ref() == wanted);
    let mut wanted = server.host_keys().filter_map(|key| key.algorithm().host_key_type());
    wanted.find(|wanted| !is_there(wanted))
}

fn message(server: &Host, wanted: &str) -> String {
    let name = &server.name;
    format!("clients of `{name}` pin its {wanted} host key, and its sshd has none")
}

fn helped(violation: Violation, server: &Host) -> Violation {
    let name = &server.name;
    violation
        .help("add a key of this type to `services.openssh.hostKeys`")
        .help(format!(
            "or pin the key that it has: `larder keys set {name} KEY --replace`"
        ))
}
