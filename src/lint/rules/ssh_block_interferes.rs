//! An ssh block written by hand gets in the way of a cache.
//!
//! ## Why is this bad
//! larder's block comes first and goes straight to the address: a `ProxyJump` or
//! `ProxyCommand` of your own for it has no effect. And where a cache is wired by
//! hand, `ControlMaster` for its address makes Nix hang (NixOS/nix#8329).
//!
//! ## Example
//! ```nix
//! programs.ssh.extraConfig = ''
//!   Host kalaw
//!     ProxyJump gate
//! '';
//! ```
//!
//! ## What to do
//! Say the jump host in `larder.toml`: `proxy-jump = "gate"`. For `ControlMaster`,
//! add `ControlMaster no` to the block of the cache's user.

use crate::diagnostic::Severity;
use crate::fleet::Link;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::rule::Definition;
use crate::lint::ssh_lines::blocks;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::SshBlock;
use crate::survey::ssh_config::Directive;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    let Some(machine) = link.machine().filter(|_| !link.is_tunnelled()) else {
        return Vec::new();
    };
    let blocks = blocks(link, machine);
    let violation = if link.is_adopted() {
        shared_connection(link, &blocks)
    } else {
        proxy_without_effect(link, &blocks)
    };
    violation.into_iter().collect()
}

fn proxy_without_effect(link: &Link<'_>, blocks: &[SshBlock]) -> Option<Violation> {
    if link.proxy_jump.is_some() {
        return None;
    }
    let is_proxy = |one: &&Directive| {
        matches!(one.keyword.as_str(), "proxyjump" | "proxycommand") && one.value() != "none"
    };
    let (block, proxy) = blocks
        .iter()
        .find_map(|one| Some((one, one.block.directives.iter().find(is_proxy)?)))?;
    let (client, cache) = (&link.client.name, &link.cache.host);
    let jump = if proxy.keyword == "proxyjump" {
        proxy.value()
    } else {
        "HOST"
    };
    let message = format!("`{client}` does not go this way to the cache `{cache}`");
    let violation = Violation::new(Subject::link(link), message)
        .at_spot(&block.spot(proxy.line), "has no effect for it")
        .help(format!(
            "if it has to, add to `larder.toml`:\n[caches.{cache}.link.{client}]\nproxy-jump = \"{jump}\""
        ));
    Some(violation)
}

fn shared_connection(link: &Link<'_>, blocks: &[SshBlock]) -> Option<Violation> {
    let first = blocks
        .iter()
        .find_map(|one| Some((one, one.block.first("controlmaster")?)));
    let (block, master) = first.filter(|(_, master)| is_shared(master.value()))?;
    let violation = Violation::new(Subject::link(link), may_hang(link))
        .at_spot(
            &block.spot(master.line),
            "ssh outlives the command that Nix started",
        )
        .help(HELP);
    Some(violation)
}

/// Where larder wires the cache, `wiring-overridden` says if its block is not in force.
fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    if link.is_adopted() {
        let shared = link.ssh.value("controlmaster");
        let shared = shared.filter(|value| is_shared(value));
        return Verdict::decided(shared.map(|_| link.violation(may_hang(link)).help(HELP)));
    }
    match link.overridden_ssh() {
        None if link.is_tunnelled() => Verdict::decided(None),
        Some(_) => Verdict::decided(None),
        // A block without effect has none in the answers either.
        None => Verdict::Open,
    }
}

fn is_shared(value: &str) -> bool {
    !value.eq_ignore_ascii_case("no")
}

fn may_hang(link: &Link<'_>) -> String {
    let (client, cache) = (&link.client.name, &link.cache.host);
    format!("Nix on `{client}` may hang while it fetches from `{cache}`")
}

const HELP: &str = "add `ControlMaster no` to an earlier block for `user nix-ssh`";
