//! Clients may write into a cache's store.
//!
//! ## Why is this bad
//! `nix.sshServe.write` lets everyone who holds a client's key add paths and ask
//! for builds, and `nix.sshServe.trusted` lets them import unsigned ones: one lost
//! laptop, and all machines that trust the cache are lost.
//!
//! Over `ssh-ng` it takes neither: whoever has the key of a client adds paths whose name is
//! the hash of their content, builds on the cache, fills its disk, and has its garbage
//! collected, which deletes every path that no root holds.
//!
//! ## Example
//! ```nix
//! nix.sshServe = { enable = true; write = true; keys = [ … ]; };
//! ```
//!
//! ## What to do
//! Delete the line. Fetching does not need it. (A machine that builds for others
//! needs it, and is better not one that everybody fetches from.) Instead of `ssh-ng`, serve
//! `ssh`, or `harmonia` where a Nix no longer has `ssh://`: both only read.

use crate::diagnostic::Severity;
use crate::fleet::Cache;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::CacheContext;
use crate::lint::evaluated::{EvaluatedCache, Serve};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::Machine;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Cache(in_files)],
    evaluated_half: &[EvaluatedCheck::ServingCache(evaluated)],
};

/// A field of `nix.sshServe` by which clients may write, and whether it is on.
type WriteOption = (&'static str, fn(&Serve) -> bool);

const WRITE: WriteOption = ("write", |serve| serve.write);
const TRUSTED: WriteOption = ("trusted", |serve| serve.trusted);

const SSH_NG: &str = "ssh-ng";

/// What everyone who has the key of a client may do then.
const WHAT_MAY_BE_DONE: &str =
    "whoever has the key of a client may add paths, build, and delete what no root holds";

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
    let ssh_ng = if cache.is_adopted() {
        ssh_ng_by_hand(cache, machine)
    } else {
        ssh_ng_in_inventory(cache)
    };
    let on = fields(cache).iter().filter_map(|(field, _)| {
        let (on, hit) = machine.flag(&format!("nix.sshServe.{field}"))?;
        let violation = || Violation::new(subject(cache, field), message(cache));
        on.then(|| violation().at_spot(&hit.spot, "").help(help(field)))
    });
    ssh_ng.into_iter().chain(on).collect()
}

fn ssh_ng_in_inventory(cache: &CacheContext<'_>) -> Option<Violation> {
    let key = if cache.is_called_protocol {
        "protocol"
    } else {
        "serve"
    };
    let is_served = cache.ssh_protocol() == Some(SSH_NG);
    let violation = is_served.then(|| Violation::new(subject(cache, SSH_NG), message(cache)));
    violation.map(|violation| {
        violation
            .at_key_of_cache(cache.context.fleet, cache, key, WHAT_MAY_BE_DONE)
            .help(help_against_ssh_ng(cache))
    })
}

fn ssh_ng_by_hand(cache: &CacheContext<'_>, machine: &Machine) -> Option<Violation> {
    let hits = machine.all("nix.sshServe.protocol").into_iter();
    let mut hits = hits.filter(|hit| hit.value.text() == Some(SSH_NG));
    let violation = Violation::new(subject(cache, SSH_NG), message(cache));
    Some(
        violation
            .at_spot(&hits.next()?.spot, WHAT_MAY_BE_DONE)
            .help(help_against_ssh_ng(cache)),
    )
}

fn evaluated(cache: &EvaluatedCache<'_>) -> Verdict {
    let serve = &cache.settings.serve;
    let is_ssh_ng = serve.enable && serve.protocol == SSH_NG;
    let ssh_ng = is_ssh_ng.then(|| {
        let violation = cache.violation_of(subject(cache, SSH_NG), message(cache));
        violation.help(help_against_ssh_ng(cache))
    });
    let on = fields(cache).iter();
    let on = on.filter(|(_, is_on)| is_on(serve));
    let violation = |(field, _): &WriteOption| {
        let violation = cache.violation_of(subject(cache, field), message(cache));
        violation.help(help(field))
    };
    Verdict::decided(ssh_ng.into_iter().chain(on.map(violation)))
}

fn subject(cache: &Cache, field: &str) -> Subject {
    Subject::cache(cache).part(field)
}

fn message(cache: &Cache) -> String {
    format!("clients may write into the cache `{}`", cache.host)
}

fn help_against_ssh_ng(cache: &Cache) -> String {
    if cache.is_adopted() {
        return "`nix.sshServe.protocol = \"ssh\";` only reads, and so do clients with `ssh://`"
            .to_owned();
    }
    let name = &cache.host;
    format!("`larder add-cache {name} --serve ssh`, or `--serve harmonia`: both only read")
}

fn help(field: &str) -> String {
    format!("delete `nix.sshServe.{field} = true;`: fetching does not need it")
}
