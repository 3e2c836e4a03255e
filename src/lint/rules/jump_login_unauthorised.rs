//! A jump host does not let a client in.
//!
//! ## Why is this bad
//! The client logs in at each host on the way, with the key with which it logs in at the cache,
//! as the user that `proxy-jump` names, else as root. Where that key is not let in, the way
//! ends: the journal of the client's Nix daemon says `Permission denied`, and it builds
//! everything itself.
//!
//! ## Example
//! ```toml
//! [hosts.kalaw]
//! proxy-jump = "jump@gate"
//! ```
//! ```nix
//! # on gate
//! users.users.jump.openssh.authorizedKeys.keys = [ ];    # the key of pai is missing
//! ```
//!
//! ## What to do
//! Add the client's public key there; a user who may do nothing else is best:
//!
//! ```nix
//! users.users.jump = {
//!   isNormalUser = true;
//!   openssh.authorizedKeys.keys = [ "restrict,port-forwarding ssh-ed25519 AAAA… pai" ];
//! };
//! ```
//!
//! What larder does not see are jump hosts that are no hosts of the fleet, keys in files, and
//! those that a command or an authority knows of: there it says nothing. Keys that modules make up
//! are seen with `--eval`.

use crate::diagnostic::Severity;
use crate::fleet::{Hop, Host, ProxyJump};
use crate::key::{AuthorizedKey, PublicKey};
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::Machine;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Link(refused)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

fn refused(link: &LinkContext<'_>) -> Vec<Violation> {
    let hops = link.proxy_jump.iter().flat_map(ProxyJump::hops);
    let refused = hops.filter_map(|hop| violation(link, &hop));
    refused.collect()
}

fn violation(link: &LinkContext<'_>, hop: &Hop) -> Option<Violation> {
    let context = link.context;
    let host = context.fleet.host_of_hop(hop)?;
    let key = link.identity_key()?;
    let user = user_of(hop);
    let machine = context.machine(host)?;
    if !context.tells_all(machine) || may_let_in(machine, user, key) {
        return None;
    }
    Some(finding(link, host, user, key))
}

/// Open where a host on the way was not asked about.
fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    let Some(key) = link.identity_key() else {
        return Verdict::Open;
    };
    let mut refused = Vec::new();
    for hop in link.proxy_jump.iter().flat_map(ProxyJump::hops) {
        let Some(host) = link.context.fleet.host_of_hop(&hop) else {
            continue;
        };
        let Some(settings) = link.settings_of(host) else {
            return Verdict::Open;
        };
        let user = user_of(&hop);
        if !settings.may_let_in(user, key) {
            refused.push(finding(link, host, user, key));
        }
    }
    Verdict::decided(refused)
}

fn user_of(hop: &Hop) -> &str {
    hop.user.as_deref().unwrap_or("root")
}

fn finding(link: &LinkContext<'_>, host: &Host, user: &str, key: &PublicKey) -> Violation {
    let (client, cache, jump) = (&link.client.name, &link.cache.host, &host.name);
    let message = format!(
        "`{client}` goes to `{cache}` through `{jump}`, which does not let it in as `{user}`"
    );
    let violation = Violation::new(Subject::link(link).part(jump.as_str()), message);
    violation.at_host(link.context.fleet, host).help(format!(
        "add to the modules of `{jump}`:\nusers.users.{user}.openssh.authorizedKeys.keys = [ \"restrict,port-forwarding {key} {client}\" ];"
    ))
}

/// True if the key is among those of the user, or among others that are not seen.
fn may_let_in(machine: &Machine, user: &str, key: &PublicKey) -> bool {
    let option = |name: &str| format!("users.users.{user}.openssh.authorizedKeys.{name}");
    let keys = option("keys");
    let mut words = machine.words(&keys).into_iter();
    words.any(|word| is_line_of(&word.text, key))
        || machine.is_hidden(&keys)
        || machine.says(&option("keyFiles"))
        || machine.says("services.openssh.authorizedKeysCommand")
        || machine.says("services.openssh.settings.TrustedUserCAKeys")
}

fn is_line_of(text: &str, key: &PublicKey) -> bool {
    let line = text.parse::<AuthorizedKey>();
    line.is_ok_and(|line| line.key == *key)
}
