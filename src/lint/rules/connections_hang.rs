//! A client opens several connections to a cache over ssh.
//!
//! ## Why is this bad
//! With `max-connections` above 1, Nix before 2.34 can hang for ever; and above
//! the `MaxSessions` of the cache's sshd (10 unless told) newer versions fail.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = [ "ssh://nix-ssh@kalaw?max-connections=16" ];
//! ```
//!
//! ## What to do
//! Take the parameter out, or say 8 where every client has Nix 2.34. Owned modules
//! ask the machine's own Nix and decide.

use crate::diagnostic::{Diagnostic, Severity};
use crate::lint::context::LinkContext;
use crate::lint::finding::{at, error, substituter, warning};
use crate::lint::rule::Check;
use crate::survey::Value;

pub(super) const SEVERITY: Severity = Severity::Error;
pub(super) const CHECK: Check = Check::Link(check);

/// sshd's default for `MaxSessions`.
const SESSIONS: i64 = 10;

fn check(link: &LinkContext<'_>) -> Vec<Diagnostic> {
    if !link.is_adopted() {
        return Vec::new();
    }
    hangs(link).into_iter().collect()
}

fn hangs(link: &LinkContext<'_>) -> Option<Diagnostic> {
    let one = substituter(link, link.machine()?)?;
    let wanted: i64 = one.store?.param("max-connections")?.parse().ok()?;
    let allowed = sessions(link);
    if wanted <= 1 {
        return None;
    }
    let (client, cache) = (&link.client.name, &link.cache.host);
    let finding = if wanted > allowed {
        error(format!(
            "`{client}` opens {wanted} connections, and `{cache}` takes {allowed}"
        ))
        .help("write `max-connections=8`, or take it out for Nix before 2.34")
    } else {
        warning(format!(
            "Nix before 2.34 hangs with {wanted} connections to `{cache}`"
        ))
        .help(format!(
            "take `max-connections={wanted}` out, unless `{client}` has Nix 2.34 or newer"
        ))
    };
    Some(at(finding.about(link.subject()), &one.word.spot, ""))
}

fn sessions(link: &LinkContext<'_>) -> i64 {
    let machine = link.context.machine(link.server);
    let told = machine.map(|machine| machine.all("services.openssh.settings.MaxSessions"));
    let number = told.into_iter().flatten().find_map(|hit| match hit.value {
        Value::Number(number) => Some(number),
        _ => None,
    });
    number.unwrap_or(SESSIONS)
}
