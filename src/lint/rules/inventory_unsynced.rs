//! Owned modules are not what `larder.toml` says, and nobody has edited them.
//!
//! The inventory was changed and `larder sync` not run, a module was deleted, another
//! version of larder wrote them, or a merge could not join them.
//!
//! ## Why is this bad
//! What `larder.toml` says is in force nowhere: a new client asks no cache, and a key that
//! was replaced is still the old one. A host that imports a module that is gone does not
//! evaluate.
//!
//! ## Example
//! ```toml
//! # larder.toml, with no `larder sync` since
//! [caches.kalaw]
//! clients = ["pai", "thaton"]
//! ```
//!
//! ## What to do
//! Run `larder sync`. To be rid of a cache, run `larder remove-cache`.

use crate::diagnostic::Severity;
use crate::fleet::INVENTORY;
use crate::lint::check::StaticCheck;
use crate::lint::context::{Context, OwnedState, UnlikeInventory};
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::text::{conjunction, either_side_will_do};

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::OwnedModules(unsynced)],
    evaluated_half: &[],
};

/// How many paths are named at most.
const NAMED: usize = 3;

/// One, however many modules there are: it is one command that helps.
fn unsynced(context: &Context<'_>) -> Vec<Violation> {
    let unlike = context.unlike_inventory();
    let missing = paths(unlike, |state| matches!(state, OwnedState::Missing));
    let outdated = paths(unlike, |state| matches!(state, OwnedState::Outdated));
    let in_conflict = paths(unlike, |state| matches!(state, OwnedState::InConflict));
    let parts = [
        told(&missing, "missing"),
        told(&outdated, "out of date"),
        told(&in_conflict, "in conflict"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return Vec::new();
    }
    let message = format!("`{INVENTORY}` is not in force: {}", parts.join("; "));
    let violation = Violation::new(Subject::file(INVENTORY), message);
    let violation = violation.in_file(INVENTORY).help("run `larder sync`");
    vec![match in_conflict.first() {
        Some(path) => violation.help(either_side_will_do(path)),
        None => violation,
    }]
}

fn paths(unlike: &[UnlikeInventory], is: fn(&OwnedState) -> bool) -> Vec<&str> {
    let of_state = unlike.iter().filter(|one| is(&one.state));
    of_state.map(|one| one.path.as_str()).collect()
}

/// `` `a`, `b` and 3 more are missing ``.
fn told(paths: &[&str], what: &str) -> Option<String> {
    let named = match paths.len() {
        0 => return None,
        1 => return Some(format!("`{}` is {what}", paths[0])),
        few if few <= NAMED => few,
        _ => NAMED - 1,
    };
    let mut parts: Vec<String> = paths[..named].iter().map(|it| format!("`{it}`")).collect();
    if named < paths.len() {
        parts.push(format!("{} more", paths.len() - named));
    }
    Some(format!("{} are {what}", conjunction(&parts)))
}
