//! A client opens more connections to a cache over ssh than its sshd takes.
//!
//! ## Why is this bad
//! Above the `MaxSessions` of the cache's sshd (10 by default) the login of every further
//! connection fails, and Nix with it.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = [ "ssh://nix-ssh@kalaw?max-connections=16" ];
//! ```
//!
//! ## What to do
//! Write `max-connections=8` where every client has Nix 2.34, or take the parameter out.

use crate::diagnostic::Severity;
use crate::fleet::Link;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::hand_wiring::substituter;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::{StoreUrl, Value};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

/// sshd's default for `MaxSessions`.
const SESSIONS: i64 = 10;

const HELP: &str = "write `max-connections=8`, or take it out for Nix before 2.34";

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    let machine = link.machine().filter(|_| link.is_adopted());
    let one = machine.and_then(|machine| substituter(link, machine));
    let violation = one.and_then(|one| {
        let excess = excess_in_files(link, one.store.as_ref()?)?;
        let violation = Violation::new(Subject::link(link), excess.message(link));
        Some(violation.at_spot(&one.word.spot, "").help(HELP))
    });
    violation.into_iter().collect()
}

fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    if link.server_settings.is_none() {
        return Verdict::Open;
    }
    let excess = excess(link);
    Verdict::decided(excess.map(|excess| link.violation(excess.message(link)).help(HELP)))
}

/// More connections than the cache takes.
pub(super) struct Excess {
    wanted: i64,
    allowed: i64,
}

impl Excess {
    fn of(store: &StoreUrl, allowed: i64) -> Option<Self> {
        let wanted = store.param("max-connections")?.parse().ok()?;
        (wanted > allowed).then_some(Self { wanted, allowed })
    }

    fn message(&self, link: &Link<'_>) -> String {
        let (client, cache) = (&link.client.name, &link.cache.host);
        let Self { wanted, allowed } = self;
        format!("`{client}` opens {wanted} connections, and `{cache}` takes {allowed}")
    }
}

/// What a store in the client's files wants too much, as far as the files of the
/// cache's host show.
pub(super) fn excess_in_files(link: &LinkContext<'_>, store: &StoreUrl) -> Option<Excess> {
    let option = "services.openssh.settings.MaxSessions";
    let machine = link.server_machine();
    let hits = machine.map(|machine| machine.all(option));
    let number = hits.into_iter().flatten().find_map(|hit| match hit.value {
        Value::Number(number) => Some(number),
        _ => None,
    });
    Excess::of(store, number.unwrap_or(SESSIONS))
}

/// What the client's store wants too much, if the settings of both ends are known.
pub(super) fn excess(link: &EvaluatedLink<'_>) -> Option<Excess> {
    let sessions = link.server_settings?.sshd.max_sessions.as_ref();
    let sessions = sessions.and_then(|number| number.parse().ok());
    Excess::of(link.store.as_ref()?, sessions.unwrap_or(SESSIONS))
}
