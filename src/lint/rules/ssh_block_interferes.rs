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

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::LinkContext;
use crate::lint::finding::{at, warning};
use crate::lint::rule::Check;
use crate::lint::ssh;
use crate::survey::SshBlock;
use crate::survey::ssh_config::Directive;

pub(super) const SEVERITY: Severity = Severity::Warning;
pub(super) const CHECK: Check = Check::Link(check);

fn check(link: &LinkContext<'_>) -> Vec<Diagnostic> {
    let Some(machine) = link.machine() else {
        return Vec::new();
    };
    let blocks = ssh::blocks(link, machine);
    let found = if link.is_adopted() {
        by_hand(link, &blocks)
    } else {
        owned(link, &blocks)
    };
    found.into_iter().collect()
}

fn owned(link: &LinkContext<'_>, blocks: &[SshBlock]) -> Option<Diagnostic> {
    if link.proxy_jump.is_some() {
        return None;
    }
    let proxies = |said: &&Directive| {
        matches!(said.keyword.as_str(), "proxyjump" | "proxycommand") && said.value() != "none"
    };
    let (one, said) = blocks
        .iter()
        .find_map(|one| Some((one, one.block.directives.iter().find(proxies)?)))?;
    let (client, cache) = (&link.client.name, &link.cache.host);
    let finding = warning(format!(
        "`{client}` does not go this way to the cache `{cache}`"
    ));
    let key = format!("[caches.{cache}.link.{client}]");
    let jump = if said.keyword == "proxyjump" {
        said.value()
    } else {
        "HOST"
    };
    let finding = finding
        .help(format!(
            "if it has to, add to `larder.toml`:\n{key}\nproxy-jump = \"{jump}\""
        ))
        .about(link.subject());
    Some(at(finding, &one.spot(said.line), "has no effect for it"))
}

fn by_hand(link: &LinkContext<'_>, blocks: &[SshBlock]) -> Option<Diagnostic> {
    let first = blocks
        .iter()
        .find_map(|one| Some((one, one.block.first("controlmaster")?)));
    let (one, said) = first.filter(|(_, said)| !said.value().eq_ignore_ascii_case("no"))?;
    let (client, cache) = (&link.client.name, &link.cache.host);
    let finding = warning(format!(
        "Nix on `{client}` may hang while it fetches from `{cache}`"
    ))
    .help("add `ControlMaster no` to an earlier block for `user nix-ssh`")
    .about(link.subject());
    Some(at(
        finding,
        &one.spot(said.line),
        "ssh outlives the command that Nix started",
    ))
}
