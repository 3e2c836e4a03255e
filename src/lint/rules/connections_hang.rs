//! A client opens several connections to a cache over ssh.
//!
//! ## Why is this bad
//! With `max-connections` above 1, Nix before 2.34 can hang for ever.
//!
//! ## Example
//! ```nix
//! nix.settings.substituters = [ "ssh://nix-ssh@kalaw?max-connections=8" ];
//! ```
//!
//! ## What to do
//! Take the parameter out, or keep it where every client has Nix 2.34 and allow the
//! finding. Owned modules ask the machine's own Nix and decide; so does
//! `larder lint --eval`.

use crate::diagnostic::Severity;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::hand_wiring::substituter;
use crate::lint::rule::Definition;
use crate::lint::rules::connections_exceeded::{excess, excess_in_files};
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::StoreUrl;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    let machine = link.machine().filter(|_| link.is_adopted());
    let one = machine.and_then(|machine| substituter(link, machine));
    let violation = one.and_then(|one| {
        let store = one.store.as_ref()?;
        let wanted = connections(store).filter(|_| excess_in_files(link, store).is_none())?;
        let (client, cache) = (&link.client.name, &link.cache.host);
        let message = format!("Nix before 2.34 hangs with {wanted} connections to `{cache}`");
        let violation = Violation::new(Subject::link(link), message)
            .at_spot(&one.word.spot, "")
            .help(format!(
                "take `max-connections={wanted}` out, unless `{client}` has Nix 2.34 or newer"
            ));
        Some(violation)
    });
    violation.into_iter().collect()
}

fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    let is_other = link.settings.nix.knows_several_connections() || excess(link).is_some();
    let wanted = link.store.as_ref().and_then(connections);
    let violation = wanted.filter(|_| !is_other).map(|wanted| {
        let (client, cache) = (&link.client.name, &link.cache.host);
        let message = format!("Nix on `{client}` hangs with {wanted} connections to `{cache}`");
        link.violation(message)
            .help(format!("take `max-connections={wanted}` out of the URL"))
    });
    Verdict::decided(violation)
}

/// How many connections a URL asks for, if they are several; where the
/// cache does not take them, `connections-exceeded` says so.
fn connections(store: &StoreUrl) -> Option<u32> {
    let wanted = store.param("max-connections")?.parse().ok()?;
    (wanted > 1).then_some(wanted)
}
