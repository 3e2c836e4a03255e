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
use crate::fleet::{Link, SSH_USER};
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::hand_wiring::substituter;
use crate::lint::rule::Definition;
use crate::lint::sshd_text::{SshdLine, SshdText};
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::{Machine, Spot, StoreUrl, Value};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

/// sshd's default for `MaxSessions`.
const SESSIONS: i64 = 10;

/// What larder's wiring asks for where Nix can use several.
const OWNED: i64 = 8;

const OPTION: &str = "services.openssh.settings.MaxSessions";
const KEYWORD: &str = "maxsessions";

const HELP: &str = "write `max-connections=8`, or take it out for Nix before 2.34";

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    let violation = if link.is_adopted() {
        by_hand(link)
    } else {
        owned(link)
    };
    violation.into_iter().collect()
}

fn by_hand(link: &LinkContext<'_>) -> Option<Violation> {
    let one = substituter(link, link.machine()?)?;
    let excess = excess_in_files(link, one.store.as_ref()?)?;
    let violation = Violation::new(Subject::link(link), excess.message(link));
    Some(violation.at_spot(&one.word.spot, "").help(HELP))
}

/// Larder's wiring opens one connection, and more where the client's Nix can.
fn owned(link: &LinkContext<'_>) -> Option<Violation> {
    let (allowed, spot) = sessions(link.server_machine()?)?;
    let wanted = if allowed == 0 { 1 } else { OWNED };
    if wanted <= allowed {
        return None;
    }
    let excess = Excess { wanted, allowed };
    let violation = Violation::new(Subject::link(link), excess.message(link))
        .at_spot(&spot, "sshd's own default is 10")
        .help("delete the line");
    Some(if allowed == 0 {
        violation
    } else {
        violation.only_if(&format!("`{}` has Nix 2.34 or newer", link.client.name))
    })
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
        let s = if *wanted == 1 { "" } else { "s" };
        format!("`{client}` opens {wanted} connection{s}, and `{cache}` takes {allowed}")
    }
}

/// What a store in the client's files wants too much, as far as the files of the
/// cache's host show.
pub(super) fn excess_in_files(link: &LinkContext<'_>, store: &StoreUrl) -> Option<Excess> {
    let sessions = link.server_machine().and_then(sessions);
    Excess::of(store, sessions.map_or(SESSIONS, |(number, _)| number))
}

/// How many sessions the files let a connection of nix-ssh's have, and where they say so.
fn sessions(machine: &Machine) -> Option<(i64, Spot)> {
    let text = SshdText::of_machine(machine, SSH_USER);
    let of_line = |line: &SshdLine| {
        let number = line.arguments().first()?.parse().ok()?;
        Some((number, line.spot()?.clone()))
    };
    if text.is_open(KEYWORD) {
        return None;
    }
    if let Some(line) = text.of_block(KEYWORD) {
        return of_line(line);
    }
    let mut hits = machine.all(OPTION);
    hits.sort_by_key(|hit| !hit.is_conditional());
    let mut numbers = hits.into_iter().filter_map(|hit| match hit.value {
        Value::Number(number) => Some((number, hit.spot)),
        _ => None,
    });
    let in_modules = numbers.next();
    in_modules.or_else(|| of_line(text.of_everybody(KEYWORD)?))
}

/// What the client's store wants too much, if the settings of both ends are known.
pub(super) fn excess(link: &EvaluatedLink<'_>) -> Option<Excess> {
    let sshd = &link.server_settings?.sshd;
    let text = SshdText::of(&sshd.extra_config, SSH_USER);
    let of_line = |line: &SshdLine| line.arguments().first()?.parse().ok();
    let in_modules = || sshd.max_sessions.as_ref()?.parse().ok();
    let sessions = match text.of_block(KEYWORD) {
        Some(found) => of_line(found),
        None => in_modules().or_else(|| of_line(text.of_everybody(KEYWORD)?)),
    };
    Excess::of(link.store.as_ref()?, sessions.unwrap_or(SESSIONS))
}
