//! A module of a host imports a file that does not exist.
//!
//! ## Why is this bad
//! The host does not evaluate: `error: path '…' does not exist`. It happens when a file
//! is renamed or deleted, and after a host was renamed, whose module still imports what
//! larder wrote under the old name.
//!
//! ## Example
//! ```nix
//! # bagan.nix, which was beta.nix
//! { imports = [ ./larder/hosts/beta.nix ]; }
//! ```
//!
//! ## What to do
//! `larder sync` takes out what imports a file of larder's that is gone. Correct or take
//! out any other import, or bring the file back.

use std::collections::BTreeMap;

use crate::diagnostic::Severity;
use crate::lint::check::StaticCheck;
use crate::lint::context::Context;
use crate::lint::rule::Definition;
use crate::lint::subject::Subject;
use crate::lint::violation::Violation;
use crate::repo::{Repo, RepoPath, Tracking};
use crate::survey::{Machine, UnreadImport};
use crate::wiring;

pub(super) const RULE: Definition = Definition {
    severity: Severity::Error,
    static_half: &[StaticCheck::Fleet(dangling)],
    evaluated_half: &[],
};

/// Each place once, however many hosts import the module.
fn dangling(context: &Context<'_>) -> Vec<Violation> {
    let machines = context.hosts();
    let machines = machines.filter_map(|host| host.machine());
    let mut places = BTreeMap::new();
    let imports = machines.flat_map(Machine::unread_imports);
    // A condition may ask whether the file is there.
    for import in imports.filter(|import| !import.is_conditional) {
        if is_dangling(context, &import) {
            let spot = &import.spot;
            let place = (spot.file.path().clone(), spot.range.start);
            places.entry(place).or_insert(import);
        }
    }
    let places = places.into_values();
    places
        .map(|import| violation(context, &import))
        .collect()
}

fn is_dangling(context: &Context<'_>, import: &UnreadImport) -> bool {
    let Some(path) = &import.path else {
        return true;
    };
    // That one of larder's own is missing, another rule says.
    let is_owned = context.all_owned().contains_key(&context.repo.shown(path));
    !is_owned && !may_exist(context.repo, path)
}

/// True if something is there, or may be for those who have all of the repository: git
/// knows the path, or a link to a folder or a submodule around it.
fn may_exist(repo: &Repo, path: &RepoPath) -> bool {
    let is_top = |path: &RepoPath| path.as_str().is_empty();
    let mut around = path.clone();
    while !is_top(&around) {
        if repo.tracking(&around) == Tracking::Tracked {
            return true;
        }
        around = around.parent();
    }
    repo.submodule_of(path).is_some() || repo.path_exists(path)
}

fn violation(context: &Context<'_>, import: &UnreadImport) -> Violation {
    let (repo, written) = (context.repo, &import.written);
    let file = repo.shown(import.spot.file.path());
    let (target, what) = match &import.path {
        Some(path) => (repo.shown(path), "does not exist"),
        None => (import.spot.written().to_owned(), "is outside of the repository"),
    };
    let message = format!("`{file}` imports `{target}`, which {what}");
    let dir = &context.fleet.dir;
    let is_larders = target.starts_with(&format!("{dir}/")) || wiring::is_import_of(dir, written);
    let help = if is_larders {
        "run `larder sync`"
    } else {
        "correct the path, take the import out, or bring the file back"
    };
    Violation::new(Subject::file(&file).part(&target), message)
        .at_spot(&import.spot, "")
        .help(help)
}
