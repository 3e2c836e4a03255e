//! A client runs Lix before 2.94, which cannot fetch from a cache over SSH.
//!
//! ## Why is this bad
//! Until then Lix opens a connection with `echo started`, and waits for that line. A cache
//! of `nix.sshServe` runs nothing but its own command, so every connection fails, the client
//! builds everything itself, and what it says looks like a cache that is off.
//!
//! ## Example
//! ```nix
//! nix.package = pkgs.lixPackageSets.lix_2_93.lix;    # on a client
//! ```
//!
//! ## What to do
//! Take a newer Lix (`pkgs.lixPackageSets.latest.lix`), or Nix, or take the host out of the
//! cache's `clients`. Which version a `pkgs.lix` is, only Nix can say: `larder lint --eval`
//! asks, and the module for the client warns at each rebuild.

use crate::diagnostic::Severity;
use crate::fleet::Link;
use crate::lint::check::{EvaluatedCheck, StaticCheck};
use crate::lint::context::LinkContext;
use crate::lint::evaluated::EvaluatedLink;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::{Verdict, Violation};
use crate::survey::Hit;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Warning,
    static_half: &[StaticCheck::Link(in_files)],
    evaluated_half: &[EvaluatedCheck::Link(evaluated)],
};

/// The attributes of nixpkgs with the versions that cannot.
const OLD: &[&str] = &["lix_2_90", "lix_2_91", "lix_2_92", "lix_2_93"];

fn in_files(link: &LinkContext<'_>) -> Vec<Violation> {
    let Some(machine) = link.machine().filter(|_| !link.is_tunnelled()) else {
        return Vec::new();
    };
    let packages = machine.all("nix.package").into_iter();
    let old = packages.filter(|hit| {
        let written = hit.spot.written();
        written.split('.').any(|name| OLD.contains(&name))
    });
    let violation = |hit: Hit| {
        let violation = Violation::new(Subject::link(link), message(link));
        violation.at_spot(&hit.spot, "before 2.94").help(HELP)
    };
    old.map(violation).take(1).collect()
}

fn evaluated(link: &EvaluatedLink<'_>) -> Verdict {
    let is_old = link.settings.nix.is_old_lix();
    Verdict::decided(is_old.then(|| link.violation(message(link)).help(HELP)))
}

fn message(link: &Link<'_>) -> String {
    let (client, cache) = (&link.client.name, &link.cache.host);
    format!("Lix on `{client}` is too old to fetch from `{cache}`")
}

const HELP: &str = "set `nix.package = pkgs.lixPackageSets.latest.lix;`, or another Nix";
