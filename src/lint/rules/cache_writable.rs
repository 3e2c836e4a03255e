//! Clients may write into a cache's store.
//!
//! ## Why is this bad
//! `nix.sshServe.write` lets everyone who holds a client's key add paths and ask
//! for builds, and `nix.sshServe.trusted` lets them import unsigned ones: one lost
//! laptop, and all machines that trust the cache are lost.
//!
//! ## Example
//! ```nix
//! nix.sshServe = { enable = true; write = true; keys = [ … ]; };
//! ```
//!
//! ## What to do
//! Delete the line. Fetching does not need it. (A machine that builds for others
//! needs it, and is better not one that everybody fetches from.)

use crate::diagnostic::Severity;
use crate::fleet::Cache;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::CacheContext;
use crate::lint::evaluated::{EvaluatedCache, Serve};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Cache(in_files)],
    evaluated_half: &[EvaluatedCheck::ServingCache(evaluated)],
};

/// A field of `nix.sshServe` by which clients may write, and whether it is on.
type WriteOption = (&'static str, fn(&Serve) -> bool);

const WRITE: WriteOption = ("write", |serve| serve.write);
const TRUSTED: WriteOption = ("trusted", |serve| serve.trusted);

/// With `ssh-ng` everyone who may log in may write, and the option says nothing.
fn fields(cache: &Cache) -> &'static [WriteOption] {
    match cache.ssh_protocol() {
        Some("ssh-ng") => &[TRUSTED],
        Some(_) => &[WRITE, TRUSTED],
        None => &[],
    }
}

fn in_files(cache: &CacheContext<'_>) -> Vec<Violation> {
    let Some(machine) = cache.machine() else {
        return Vec::new();
    };
    let on = fields(cache).iter().filter_map(|(field, _)| {
        let (on, hit) = machine.flag(&format!("nix.sshServe.{field}"))?;
        let violation = || Violation::new(subject(cache, field), message(cache));
        on.then(|| violation().at_spot(&hit.spot, "").help(help(field)))
    });
    on.collect()
}

fn evaluated(cache: &EvaluatedCache<'_>) -> Verdict {
    let serve = &cache.settings.serve;
    let on = fields(cache).iter();
    let on = on.filter(|(_, is_on)| is_on(serve));
    let violation = |(field, _): &WriteOption| {
        let violation = cache.violation_of(subject(cache, field), message(cache));
        violation.help(help(field))
    };
    Verdict::decided(on.map(violation))
}

fn subject(cache: &Cache, field: &str) -> Subject {
    Subject::cache(cache).part(field)
}

fn message(cache: &Cache) -> String {
    format!("clients may write into the cache `{}`", cache.host)
}

fn help(field: &str) -> String {
    format!("delete `nix.sshServe.{field} = true;`: fetching does not need it")
}
