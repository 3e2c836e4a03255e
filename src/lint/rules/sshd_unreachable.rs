//! Nobody reaches sshd of a cache: it listens on its own machine only, or the firewall is shut.
//!
//! ## Why is this bad
//! Nobody else reaches 127.0.0.1 or `::1`, nor a port that the firewall has not opened: every
//! connection of a client fails, and it builds everything itself. NixOS opens the ports of
//! sshd unless `services.openssh.openFirewall` is false.
//!
//! ## Example
//! ```nix
//! # on a cache
//! services.openssh.listenAddresses = [ { addr = "127.0.0.1"; } ];
//! ```
//!
//! ## What to do
//! Add the address by which the clients come, or open the port. Where another program takes
//! their connections and passes them on to sshd, allow the finding: `[[lint.allow]]` in
//! `larder.toml`.

use crate::diagnostic::Severity;
use crate::fleet::{Address, Host};
use crate::lint::check::StaticCheck;
use crate::lint::context::CacheContext;
use crate::lint::rule::Definition;
use crate::lint::sshd_text::SshdText;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::survey::{Machine, Spot};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Cache(in_files)],
    evaluated_half: &[],
};

const KEYWORD: &str = "listenaddress";
const OPENS: &str = "services.openssh.openFirewall";
const FIREWALL: &str = "networking.firewall";
const TAILSCALE: &str = "services.tailscale.enable";

fn in_files(cache: &CacheContext<'_>) -> Vec<Violation> {
    let is_from_elsewhere = |client: &Host| {
        let link = cache.context.fleet.link(cache, client);
        !is_loopback(Address::as_str(&link.address))
    };
    let mut clients = cache.context.fleet.clients(cache);
    let obstacle = cache.machine().and_then(|machine| only_here(cache, machine).or_else(|| shut(cache, machine)));
    let obstacle = obstacle.filter(|_| clients.any(is_from_elsewhere));
    let violation = obstacle.map(|one| {
        let message = format!("nobody reaches sshd of the cache `{}`: {}", cache.host, one.why);
        Violation::new(Subject::cache(cache), message)
            .at_spot(&one.spot, "")
            .help(one.help)
    });
    violation.into_iter().collect()
}

/// Why nobody comes in.
struct Obstacle {
    why: &'static str,
    spot: Spot,
    help: &'static str,
}

/// The firewall opens no port, as far as all modules were read and none of them says anything
/// of it.
fn shut(cache: &CacheContext<'_>, machine: &Machine) -> Option<Obstacle> {
    let (_, hit) = machine.flag(OPENS).filter(|(opens, _)| !opens)?;
    let says_more = !machine.below(FIREWALL).is_empty() || machine.is_hidden(FIREWALL);
    let has_tailscale = machine.flag(TAILSCALE).is_some_and(|(on, _)| on);
    (cache.context.tells_all(machine) && !says_more && !has_tailscale).then_some(Obstacle {
        why: "the firewall does not open its port",
        spot: hit.spot,
        help: "delete the line, or open the port for the clients: `networking.firewall.allowedTCPPorts`",
    })
}

/// The first address on which sshd listens, if all of them are known and lead nowhere else.
fn only_here(cache: &CacheContext<'_>, machine: &Machine) -> Option<Obstacle> {
    let text = SshdText::of_machine(machine, cache.login_user());
    if text.is_open(KEYWORD) {
        return None;
    }
    let mut all = machine.sshd_addresses()?;
    let in_text = text.list(KEYWORD).lines.into_iter();
    for line in in_text {
        all.push((line.arguments().first()?.clone(), line.spot()?.clone()));
    }
    let are_here = all.iter().all(|(address, _)| is_loopback(address));
    let (_, first) = all.into_iter().next()?;
    are_here.then_some(Obstacle {
        why: "it listens on its own machine only",
        spot: first,
        help: "add the address by which its clients come",
    })
}

fn is_loopback(address: &str) -> bool {
    let starts = ["127.", "::1", "[::1]", "localhost"];
    starts.iter().any(|start| address.starts_with(start))
}
