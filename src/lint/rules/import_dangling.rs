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
use crate::survey::{Machine, Spot};

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
        let (target, spot) = (import.path, import.spot);
        // That one of larder's own is missing, another rule says.
        let is_owned = context.all_owned().contains_key(&context.repo.shown(&target));
        if !is_owned && !may_exist(context.repo, &target) {
            let place = (spot.file.path().clone(), spot.range.start);
            places.entry(place).or_insert((target, spot));
        }
    }
    let places = places.into_values();
    places
        .map(|(target, spot)| violation(context, &target, &spot))
        .collect()
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

fn violation(context: &Context<'_>, target: &RepoPath, spot: &Spot) -> Violation {
    let repo = context.repo;
    let (file, target_name) = (repo.shown(spot.file.path()), repo.shown(target));
    let message = format!("`{file}` imports `{target_name}`, which does not exist");
    let of_larder = format!("{}/", context.fleet.dir);
    let help = if target_name.starts_with(&of_larder) {
        "run `larder sync`"
    } else {
        "correct the path, take the import out, or bring the file back"
    };
    Violation::new(Subject::file(&file).part(&target_name), message)
        .at_spot(spot, "")
        .help(help)
}
